import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openState } from '@pentimento/state'
import { expect, inject, test, vi } from 'vitest'
import { loadConfig } from '../config.ts'
import { state } from './state.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

test('keys and secrets move from one Redis to another by a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-state-'))
  // Another Redis, as far as keys go.
  const [from, to] = [inject('redisUrl'), `${inject('redisUrl')}/1`]
  const namespace = `test-${randomUUID()}`
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const file = join(folder, 'state.jsonl')
  const run = (redisUrl: string, ...args: string[]) =>
    state(loadConfig({ REDIS_URL: redisUrl, REDIS_NAMESPACE: namespace, DATA_DIR: folder }), args)
  const secretsKey = Buffer.alloc(32, 7).toString('base64')
  const open = (redisUrl: string) => openState({ redisUrl, namespace, secretsKey, onError: () => {} })
  try {
    const before = await open(from)
    const { token } = await before.tenants.createKey({ tenant: 'a', scopes: ['submit'] })
    const secret = await before.webhooks.rotateSecret('a')
    await before.close()
    expect(await run(from, 'export', file)).toBe(0)
    await expect(run(from, 'export', file)).rejects.toThrow('is there already')
    expect(await run(to, 'import', file)).toBe(0)
    await expect(run(to, 'import', file)).rejects.toThrow('only an empty one is written to')
    expect(log.mock.calls.flat()).toEqual([`3 keys written to ${file}`, `3 keys read from ${file}`])
    const after = await open(to)
    expect(await after.tenants.verify(token)).toMatchObject({ tenant: 'a' })
    expect(await after.webhooks.secrets('a')).toEqual([secret])
    await after.close()
  } finally {
    vi.restoreAllMocks()
    await rm(folder, { recursive: true })
  }
})
