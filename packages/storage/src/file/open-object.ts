import { type FileHandle, open } from 'node:fs/promises'
import type { Chunks } from '../exact-body.ts'
import { contentTypeOf } from '../key-rules.ts'
import type { ObjectInfo } from '../object-store.ts'
import { isCode } from './durable-write.ts'

const CHUNK = 256 * 1024

/** Opens the file of an object and says what it is, or null when there is none. The caller closes `file`. */
export async function openObject(path: string, key: string): Promise<{ file: FileHandle; info: ObjectInfo } | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  })
  if (file === null) return null
  try {
    const stat = await file.stat({ bigint: true })
    if (stat.isFile()) {
      // Every write is a new inode, so this pair changes whenever the bytes may have.
      const etag = `"${stat.ino.toString(36)}-${stat.mtimeNs.toString(36)}-${stat.size.toString(36)}"`
      const info = { key, size: Number(stat.size), contentType: contentTypeOf(key), etag, modifiedAt: stat.mtime }
      return { file, info }
    }
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  return null
}

/**
 * The bytes from `start` to `end`, both included. An open file is a snapshot: replacing or deleting it changes nothing.
 */
export function fileChunks(file: FileHandle, start: number, end: number): Chunks {
  let position = start
  return {
    async next() {
      const length = Math.min(CHUNK, end + 1 - position)
      if (length <= 0) return null
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
      if (bytesRead === 0) return null
      position += bytesRead
      return buffer.subarray(0, bytesRead)
    },
    close: () => file.close(),
  }
}
