import { mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { headBytes, type Stored, writeSafetensors } from '../testing/write-safetensors.ts'
import { readSafetensors } from './read-safetensors.ts'

let dir: string
let file: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-safetensors-'))
  file = join(dir, 'a.safetensors')
})
afterAll(() => rm(dir, { recursive: true }))

const tensors: [string, Stored][] = [
  ['a', { dtype: 'F16', shape: [3, 5] }],
  ['b', { dtype: 'F32', shape: [2, 2, 1, 1] }],
  ['scalar', { dtype: 'F32', shape: [] }],
  ['mark', { dtype: 'F16', shape: [0] }],
]

/** The sentence with which a file is refused. */
async function refusal(content: Uint8Array): Promise<string> {
  await writeFile(file, content)
  const error = await readSafetensors(file).then(
    () => null,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return error.message
}

const withHeader = (header: object | string, bytes = 0) =>
  Buffer.concat([headBytes(typeof header === 'string' ? header : JSON.stringify(header)), Buffer.alloc(bytes)])

const one = (entry: object) => ({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...entry } })

it('says where each tensor lies, wherever its bytes begin', async () => {
  await writeSafetensors(file, tensors, { 'modelspec.title': 'A' })
  const link = join(dir, 'link.safetensors')
  await symlink(file, link)
  const found = await readSafetensors(link)
  expect(found).toMatchObject({ path: file, metadata: new Map([['modelspec.title', 'A']]) })
  const b = found.tensors.get('b')
  expect(b).toMatchObject({ file, dtype: 'F32', shape: [2, 2, 1, 1], length: 16 })
  expect(found.tensors.get('a')).toMatchObject({ offset: found.size - 30, length: 30 })
  // A header that is not padded leaves numbers at odd places.
  const odd = Buffer.concat([
    Buffer.from([64, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from(JSON.stringify(one({})).padEnd(64)),
    Buffer.alloc(8),
  ])
  odd[0] = 63
  await writeFile(file, Buffer.concat([odd.subarray(0, 71), Buffer.alloc(8)]))
  expect((await readSafetensors(file)).tensors.get('a')?.offset).toBe(71)
})

it('takes a header of 640 bytes, whose length begins as a pickle does', async () => {
  const header = JSON.stringify(one({})).padEnd(0x280)
  await writeFile(file, withHeader(header, 8))
  expect((await readSafetensors(file)).tensors.size).toBe(1)
})

describe('refuses', () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    ['an empty file', '', /no safetensors file/],
    ['a PyTorch checkpoint', 'PK\u0003\u0004............', /a pickle.*convert it.*weights_only=True/],
    ['an old PyTorch checkpoint', Buffer.from('80028a0a6cfc9c46f920', 'hex'), /a pickle/],
    ['GGUF', 'GGUF\u0003\0\0\0\0\0\0\0', /GGUF/],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0', /git lfs pull/],
    ['a web page', '<!DOCTYPE html><html><body>Log in', /a web page.*Fetch it again/],
    ['an answer of a server', '{"error": "not found"}', /an error message/],
    ['other bytes', 'not a model at all', /no safetensors file/],
    [
      'a length beyond the file',
      Buffer.concat([Buffer.from([255, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a":')]),
      /ends within its header/,
    ],
    ['a length beyond memory', Buffer.concat([Buffer.alloc(8, 255), Buffer.from('{"a":')]), /25\.0 MB are the most/],
    ['what is no JSON', withHeader('{"a": oops}'), /no JSON/],
    [
      'bad UTF-8',
      Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"\u00ff"', 'latin1')]),
      /no JSON/,
    ],
    ['a tensor that is no object', withHeader({ a: 5 }), /no object for "a"/],
    [
      'the same name twice',
      withHeader(
        '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}',
        4,
      ),
      /something twice/,
    ],
    [
      'the same member twice',
      withHeader('{"a":{"dtype":"F16","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
      /something twice/,
    ],
    ['an unknown format', withHeader(one({ dtype: 'F4' }), 8), /"F4", which is not supported/],
    ['a format of JavaScript', withHeader(one({ dtype: 'constructor' }), 8), /"constructor", which is not/],
    ['a negative size', withHeader(one({ shape: [-2] }), 8), /no proper shape/],
    ['a fraction', withHeader(one({ shape: [1.5] }), 8), /no proper shape/],
    ['a size beyond numbers', withHeader(one({ shape: [2 ** 53] }), 8), /no proper shape/],
    ['too many dimensions', withHeader(one({ shape: Array(9).fill(1) }), 8), /no proper shape/],
    ['no offsets', withHeader(one({ data_offsets: [0] }), 8), /no proper data_offsets/],
    ['offsets that run backwards', withHeader(one({ data_offsets: [8, 0] }), 8), /takes 8 bytes .* has -8/],
    ['a shape that takes other bytes', withHeader(one({ shape: [3] }), 8), /takes 12 bytes .* has 8/],
    ['a shape that overflows', withHeader(one({ shape: [2 ** 40, 2 ** 40] }), 8), /takes 4.*e\+24 bytes/],
    [
      'tensors over each other',
      withHeader({ ...one({}), b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }, 12),
      /"b" lies over another/,
    ],
    [
      'bytes of nobody',
      withHeader({ ...one({}), b: { dtype: 'F32', shape: [1], data_offsets: [12, 16] } }, 16),
      /before the tensor "b"/,
    ],
    ['bytes at the end', withHeader(one({}), 9), /1 bytes behind/],
    ['a file cut short', withHeader(one({}), 7), /not copied or downloaded completely/],
  ])('%s', async (_, content, said) => {
    const message = await refusal(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
    expect(message).toMatch(said)
  })

  it('a truncated file wherever it was cut', async () => {
    await writeSafetensors(file, tensors)
    const { size } = await stat(file)
    for (let length = size - 1; length >= 0; length -= 7) {
      await truncate(file, length)
      await expect(readSafetensors(file)).rejects.toBeInstanceOf(CheckpointError)
    }
  })

  it('what is no file', async () => {
    await mkdir(join(dir, 'folder.safetensors'))
    await expect(readSafetensors(join(dir, 'folder.safetensors'))).rejects.toThrow('It is no file.')
    await expect(readSafetensors(join(dir, 'nothing'))).rejects.toThrow('There is no such file.')
  })

  it('names that would move a cursor, without repeating them', async () => {
    const message = await refusal(
      withHeader({ '\u001b[2J\n': { dtype: 'x'.repeat(1000), shape: [], data_offsets: [0, 0] } }),
    )
    expect(message).not.toMatch(/\p{Cc}/u)
    expect(message.length).toBeLessThan(400)
  })
})
