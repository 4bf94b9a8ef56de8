import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bounded } from '../bounded.ts'
import { assertRange, resolveRange } from '../byte-range.ts'
import { exactBody, readWhole } from '../exact-body.ts'
import { assertContentType, assertKey, assertPrefix } from '../key-rules.ts'
import type { ByteRange, ObjectInfo, ObjectStore, StoredObject } from '../object-store.ts'
import { durableWrite, isCode } from './durable-write.ts'
import { fileChunks, openObject } from './open-object.ts'

// Object keys never begin with a dot, so drafts cannot be mistaken for objects.
const DRAFTS = '.drafts'
const STALE_DRAFT_MS = 60 * 60 * 1000

/**
 * Objects as files below `root`, for one machine or a shared volume; the content type follows from the extension.
 * Nothing is known to be missing from a root that is away itself, such as a volume that is not mounted.
 */
export async function openFileStore(root: string, timeoutMs: number): Promise<ObjectStore> {
  const drafts = join(root, DRAFTS)
  const within = <T>(operation: string, work: () => Promise<T>) => bounded(operation, timeoutMs, work)
  await within(`open ${root}`, async () => {
    await mkdir(drafts, { recursive: true, mode: 0o700 })
    await Promise.all([drafts, join(root, 'tenants')].map(close))
    await removeStaleDrafts(drafts)
  })

  const look = <T>(operation: string, work: () => Promise<T | null>) =>
    within(operation, async () => (await work()) ?? stat(drafts).then(() => null))

  async function get(key: string, range?: ByteRange): Promise<StoredObject | null> {
    assertKey(key)
    if (range !== undefined) assertRange(range)
    return look(`read ${key}`, () => readFile(join(root, key), key, range, timeoutMs))
  }

  async function remove(key: string): Promise<void> {
    assertKey(key)
    await within(`delete ${key}`, async () => {
      const path = join(root, key)
      await unlink(path).catch((error: unknown) => {
        if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw error
        return stat(drafts)
      })
      await removeEmptyFolders(root, dirname(path))
    })
  }

  async function* list(prefix: string): AsyncGenerator<ObjectInfo> {
    assertPrefix(prefix)
    for (const name of (await look(`list ${prefix}`, () => childrenOf(join(root, prefix)))) ?? []) {
      if (name.endsWith('/')) yield* list(prefix + name)
      else {
        const info = await within(`list ${prefix}`, () => headFile(join(root, prefix, name), prefix + name))
        if (info !== null) yield info
      }
    }
  }

  return {
    get,
    list,
    delete: remove,
    async put(key, body, { contentType, ifNoneMatch = false }) {
      assertKey(key)
      assertContentType(key, contentType)
      const stored = await within(`write ${key}`, () => durableWrite(drafts, join(root, key), body, ifNoneMatch))
      return stored ? 'stored' : 'exists'
    },
    async read(key) {
      const object = await get(key)
      return object === null ? null : readWhole(object, timeoutMs)
    },
    async head(key) {
      assertKey(key)
      return look(`look up ${key}`, () => headFile(join(root, key), key))
    },
    async deletePrefix(prefix) {
      let count = 0
      for await (const { key } of list(prefix)) {
        await remove(key)
        count++
      }
      return count
    },
    async signedUrl(key) {
      assertKey(key)
      return null
    },
    async check() {
      await within('write', async () => {
        const probe = join(drafts, randomUUID())
        await writeFile(probe, 'ok', { mode: 0o600 })
        await unlink(probe)
      })
    },
  }
}

/** A file, or a part of it, that is read as it is asked for; null if it is not there. */
async function readFile(
  path: string,
  key: string,
  range: ByteRange | undefined,
  timeoutMs: number,
): Promise<StoredObject | null> {
  const opened = await openObject(path, key)
  if (opened === null) return null
  const { file, info } = opened
  try {
    const part = range === undefined ? null : resolveRange(key, range, info.size)
    const { start, end } = part ?? { start: 0, end: info.size - 1 }
    return { ...info, range: part, body: exactBody(key, end + 1 - start, timeoutMs, fileChunks(file, start, end)) }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function headFile(path: string, key: string): Promise<ObjectInfo | null> {
  const opened = await openObject(path, key)
  await opened?.file.close()
  return opened?.info ?? null
}

/** Names in a folder, those of folders with a slash, in the order of the keys they stand for. */
async function childrenOf(folder: string): Promise<string[] | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  })
  if (entries === null) return null
  return entries
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort((a, b) => (a < b ? -1 : 1))
}

async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let path = folder; path.length > root.length; path = dirname(path)) {
    try {
      await rmdir(path)
    } catch (error) {
      if (isCode(error, 'ENOENT')) continue
      if (isCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return
      throw error
    }
  }
}

/**
 * Takes a folder that an earlier version left open from the other users of this machine. The root itself may be a
 * shared one; all that is ours lies below these two. Somebody else's folder is not ours to close.
 */
async function close(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT', 'EPERM', 'EROFS')) throw error
  })
}

/** A process that died while writing leaves its draft behind; a living one keeps it for seconds. */
async function removeStaleDrafts(drafts: string): Promise<void> {
  for (const name of await readdir(drafts)) {
    const path = join(drafts, name)
    const found = await stat(path).catch(() => null)
    if (found !== null && found.mtimeMs < Date.now() - STALE_DRAFT_MS) await rm(path, { force: true })
  }
}
