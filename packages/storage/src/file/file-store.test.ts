import { mkdir, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readWhole } from '../exact-body.ts'
import { keys, openStore, StorageUnavailable } from '../index.ts'
import { conformanceSuite } from '../testing/conformance.ts'

const roots: string[] = []

async function freshRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pentimento-store-'))
  roots.push(root)
  return root
}

afterAll(async () => {
  for (const root of roots) await rm(root, { recursive: true, force: true })
})

conformanceSuite('a folder', async () => openStore(pathToFileURL(join(await freshRoot(), 'not yet there')).href))

describe('the file store', () => {
  const job = `job_${'a'.repeat(26)}`
  const input = keys.inputKey('default', job, 'image.png')
  const png = { contentType: 'image/png' }

  it('leaves no folder behind when the last object of a job goes', async () => {
    const root = await freshRoot()
    const store = await openStore(pathToFileURL(root).href)
    await store.put(input, Buffer.from('x'), png)
    await store.delete(input)
    expect(await readdir(root)).toEqual(['.drafts'])
    expect(await readdir(join(root, '.drafts'))).toEqual([])
  })

  it('keeps objects for its owner alone, whatever the umask, also where an earlier version did not', async () => {
    const before = process.umask(0)
    try {
      const root = join(await freshRoot(), 'made')
      await mkdir(join(root, 'tenants'), { recursive: true, mode: 0o755 })
      const store = await openStore(pathToFileURL(root).href)
      await store.put(input, Buffer.from('x'), png)
      await store.put(keys.inputKey('default', job, 'mask.png'), Buffer.from('x'), { ...png, ifNoneMatch: true })
      const entries = await readdir(root, { recursive: true, withFileTypes: true })
      expect(entries.length).toBe(8)
      for (const entry of entries) {
        const { mode } = await stat(join(entry.parentPath, entry.name))
        expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600)
      }
      const made = join(await freshRoot(), 'new')
      await openStore(pathToFileURL(made).href)
      expect((await stat(made)).mode & 0o777).toBe(0o700)
    } finally {
      process.umask(before)
    }
  })

  it('survives writers and deleters of the same job at once', async () => {
    const store = await openStore(pathToFileURL(await freshRoot()).href)
    const rounds = Array.from({ length: 40 }, async (_, i) => {
      const key = keys.inputKey('default', job, `image-${i}.png`)
      await store.put(key, Buffer.from('x'), png)
      await store.delete(key)
    })
    await Promise.all(rounds)
    expect(await store.deletePrefix('')).toBe(0)
  })

  it('removes drafts that a dead process left, and keeps fresh ones', async () => {
    const root = await freshRoot()
    await mkdir(join(root, '.drafts'))
    await writeFile(join(root, '.drafts', 'old'), 'half')
    await writeFile(join(root, '.drafts', 'new'), 'half')
    const yesterday = new Date(Date.now() - 24 * 3600 * 1000)
    await utimes(join(root, '.drafts', 'old'), yesterday, yesterday)
    const store = await openStore(pathToFileURL(root).href)
    expect(await readdir(join(root, '.drafts'))).toEqual(['new'])
    expect(await store.deletePrefix('')).toBe(0)
  })

  it('fails a read whose file was cut behind its back', async () => {
    const root = await freshRoot()
    const store = await openStore(pathToFileURL(root).href)
    await store.put(input, Buffer.alloc(1_000_000, 7), png)
    const object = await store.get(input)
    if (object === null) throw new Error('missing')
    await truncate(join(root, input), 300_000)
    await expect(readWhole(object, 5_000)).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it('gives an open reader the object as it was, whatever happens to it', async () => {
    const store = await openStore(pathToFileURL(await freshRoot()).href)
    await store.put(input, Buffer.alloc(1_000_000, 7), png)
    const [first, second] = [await store.get(input), await store.get(input)]
    if (first === null || second === null) throw new Error('missing')
    await store.put(input, Buffer.alloc(10, 8), png)
    expect(new Set(await readWhole(first, 5_000))).toEqual(new Set([7]))
    await store.delete(input)
    expect(await readWhole(second, 5_000)).toHaveLength(1_000_000)
  })

  it('reports a folder that cannot be written', async () => {
    const root = await freshRoot()
    const store = await openStore(pathToFileURL(root).href)
    // Permissions would not stop root; a file where the folder should be stops everybody.
    await rm(join(root, '.drafts'), { recursive: true })
    await writeFile(join(root, '.drafts'), '')
    await expect(store.check()).rejects.toMatchObject({ code: 'storage_unavailable' })
    await expect(store.put(input, Buffer.from('x'), png)).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it('reports a store whose folder is gone', async () => {
    const root = await freshRoot()
    const store = await openStore(pathToFileURL(root).href)
    await store.put(input, Buffer.from('x'), png)
    // The second is a volume that is not mounted.
    for (const away of [() => writeFile(root, 'a file'), () => mkdir(root)]) {
      await rm(root, { recursive: true, force: true })
      await away()
      // Nothing of it is known to be gone, and no job may fail for it.
      for (const ask of [store.read, store.get, store.head, store.delete, () => store.deletePrefix('tenants/')])
        await expect(ask(input)).rejects.toBeInstanceOf(StorageUnavailable)
      await expect(store.check()).rejects.toMatchObject({ code: 'storage_unavailable' })
      await expect(store.put(input, Buffer.from('x'), png)).rejects.toBeInstanceOf(StorageUnavailable)
    }
  })

  it('refuses a root that is a file', async () => {
    const root = await freshRoot()
    await writeFile(join(root, 'file'), '')
    await expect(openStore(pathToFileURL(join(root, 'file')).href)).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it.each(['', 'data', 'file:///', 'file://host/data', 'ftp://host/x', 's3://', './data'])(
    'refuses %j as a storage URL',
    async (url) => {
      await expect(openStore(url)).rejects.toThrow('not a storage URL')
    },
  )
})
