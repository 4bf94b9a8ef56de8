import { readdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { files, HostileHub } from '../testing/hostile-hub.ts'
import { commit, json, type ListedFile } from '../testing/local-hub.ts'

const hub = new HostileHub()
const of = (path: string, change: (entry: ListedFile) => unknown) => ({
  entry: (entry: ListedFile) => (entry.path === path ? change(entry) : entry),
})
const unet = 'unet/model.onnx'

describe('a hub that lies', () => {
  it.each([
    '/../../redis',
    '../../secrets-key',
    `${commit}/../../../redis`,
    commit.toUpperCase(),
    commit.slice(1),
    `${commit}\n`,
    `${commit}0`,
    'main',
    '',
    7,
    null,
    undefined,
    [commit],
    { toString: commit },
  ])('about the commit (%j) moves nothing', async (sha) => {
    expect(await hub.refused({ sha })).toMatch(/the hub's answer cannot be right: sha/)
  })

  it('about a commit that was named gives no other', async () => {
    const named = commit.replaceAll('0', 'f')
    expect(await hub.refused({ revisions: [named] }, { revision: named })).toMatch(
      /asked for the commit f.* the hub gives 0/,
    )
  })

  it.each([
    '../../redis/aof',
    '/etc/cron.d/x',
    'unet/../../../x',
    'unet//model.onnx',
    './unet/model.onnx',
    'unet\\..\\..\\x',
    'unet/model.onnx\0.txt',
    'unet/\u001b[2Jx.json',
    'unet/line\nbreak.json',
    '..',
    '.',
    '',
    `${'a/'.repeat(2100)}x`,
    null,
    5,
  ])('about a path (%j) writes nothing', async (path) => {
    expect(await hub.refused(of('model_index.json', (entry) => ({ ...entry, path })))).toMatch(/cannot be right: path/)
  })

  it.each([
    ['oid', '../x'],
    ['oid', commit.slice(2)],
    ['oid', undefined],
    ['size', -1],
    ['size', 1.5],
    ['size', 2 ** 60],
    ['size', '900'],
    ['size', null],
  ])('about a file (%s: %j) is refused', async (field, value) => {
    const says = await hub.refused(of(unet, (entry) => ({ ...entry, [field]: value })))
    expect(says).toMatch(new RegExp(`cannot be right: ${field}`))
    expect(hub.current?.requests.some((line) => line.includes('/resolve/'))).toBe(false)
  })

  it.each([
    { oid: '../../x', size: 200_000 },
    { oid: 'sha256:0', size: 200_000 },
    { oid: 'f'.repeat(64), size: -5 },
    { oid: 'F'.repeat(64), size: 1 },
    { oid: 'f'.repeat(64) },
    'version https://git-lfs.github.com/spec/v1',
  ])('about a pointer of large file storage (%j) is refused', async (lfs) => {
    expect(await hub.refused(of('unet/model.onnx_data', (entry) => ({ ...entry, lfs })))).toMatch(
      /cannot be right: lfs/,
    )
  })

  it.each([
    ['is no list', {}],
    ['is no list of files', [null, 5]],
    ['has no types', [{ path: 'a' }]],
  ])('with a listing that %s is refused', async (_, body) => {
    const answer = (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.includes('/tree/')) return false
      json(response, body)
      return true
    }
    expect(await hub.refused({ answer })).toMatch(/cannot be right/)
  })

  it('lists two files for one place', async () => {
    const twice = await hub.refused(of('model_index.json', (entry) => ({ ...entry, path: unet })))
    expect(twice).toMatch(/more than one file for unet\/model\.onnx/)
    await hub.close()
    const cases = { ...files, 'README.md': Buffer.from('a'), 'readme.md': Buffer.from('b') }
    expect(await hub.refused({ files: cases })).toMatch(/more than one file for readme\.md/)
  })

  it('lists names that no model needs: they are left alone', async () => {
    const odd = [
      '.env',
      'unet/.DS_Store',
      'CON.txt',
      'unet/model.onnx_data.part',
      'unet/x\u202ey',
      'tokenizer/a b.json',
    ]
    const extra = Object.fromEntries(odd.map((path) => [path, Buffer.from(path)]))
    const dir = await hub.pull({ files: { ...files, ...extra } })
    const found = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
    expect(found.map(({ name }) => name).toSorted()).toEqual(
      ['model.onnx', 'model.onnx', 'model.onnx', 'model.onnx_data', 'model_index.json', 'source.json'].toSorted(),
    )
  })

  it('lists settings as large as weights', async () => {
    const says = await hub.refused(of('model_index.json', (entry) => ({ ...entry, size: 10 ** 9 })))
    expect(says).toMatch(/model_index\.json has 1000000000 bytes, more than a file of its kind/)
  })
})

describe('names that somebody typed', () => {
  it.each([
    ['repo', '../..'],
    ['repo', '../tiny'],
    ['repo', 'them/..'],
    ['repo', 'them/tiny/..'],
    ['repo', './tiny'],
    ['repo', '.hidden/tiny'],
    ['repo', 'them--x/tiny'],
    ['repo', 'them/tiny\0'],
    ['repo', `them/${'x'.repeat(97)}`],
    ['revision', '..'],
    ['revision', '../../api'],
    ['revision', 'a b'],
    ['revision', 'x\u001b[2J'],
    ['revision', '.x'],
    ['revision', ''],
    ['variant', '../../redis'],
    ['variant', 'fp16/../..'],
    ['variant', '..'],
    ['variant', ''],
    ['variant', '.*'],
    ['variant', 'fp16\0'],
    ['file', '../../secrets.safetensors'],
    ['file', '/etc/x.safetensors'],
    ['file', 'x\\y.safetensors'],
    ['file', '.x.safetensors'],
    ['file', 'model.ckpt'],
    ['file', ''],
  ])('as %s (%j) are refused before anybody is asked', async (field, value) => {
    expect(await hub.refused({}, { [field]: value })).toMatch(/is no (repository|branch|variant|file)/)
    expect(hub.current?.requests).toEqual([])
  })
})
