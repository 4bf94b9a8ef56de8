import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readStateFile, writeStateFile } from './state-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-state-'))
})
afterAll(() => rm(folder, { recursive: true }))

const keys = [
  { name: 'job:a', expires: null, dump: 'AAEC' },
  { name: 'gone:"ä\n', expires: 1_900_000_000_000, dump: '' },
]
async function* each() {
  yield* keys
}

async function all(path: string, namespace = 'n'): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const key of readStateFile(path, namespace)) found.push(key)
  return found
}

test('what is written is read again, from a file that nobody else may read', async () => {
  const path = join(folder, 'whole')
  expect(await writeStateFile(path, 'n', each())).toBe(2)
  expect(await all(path)).toEqual(keys)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await expect(writeStateFile(path, 'n', each())).rejects.toThrow('is there already')
  expect(await all(path)).toEqual(keys)
})

test('what fails in the middle leaves no file', async () => {
  async function* failing() {
    yield keys[0] as (typeof keys)[0]
    throw new Error('Redis went away')
  }
  await expect(writeStateFile(join(folder, 'half'), 'n', failing())).rejects.toThrow('Redis went away')
  await expect(all(join(folder, 'half'))).rejects.toThrow('cannot be read (ENOENT)')
})

describe('is refused before its first key', () => {
  it.each<[string, (text: string) => string, string]>([
    ['a file that was cut short', (text) => text.slice(0, -90), 'is not whole, or was changed'],
    ['a file with a changed byte', (text) => text.replace('AAEC', 'AAED'), 'is not whole, or was changed'],
    ['a file without a key', (text) => text.replace(/^.*job:a.*\n/m, ''), 'is not whole, or was changed'],
    ['a file that goes on', (text) => `${text}{}\n`, 'goes on behind its end'],
    ['another file', () => 'hello\n', 'is no file of "npm run state -- export"'],
    ['an empty file', () => '', 'is not whole'],
    ['a later version', (text) => text.replace('"version":1', '"version":2'), 'that this version can read'],
    ['another namespace', (text) => text.replace('"namespace":"n"', '"namespace":"m"'), 'REDIS_NAMESPACE=m'],
  ])('%s', async (_, change, words) => {
    const path = join(folder, 'changed')
    await writeStateFile(join(folder, 'as-it-was'), 'n', each()).catch(() => {})
    await writeFile(path, change(await readFile(join(folder, 'as-it-was'), 'utf8')))
    await expect(readStateFile(path, 'n').next()).rejects.toThrow(words)
  })
})
