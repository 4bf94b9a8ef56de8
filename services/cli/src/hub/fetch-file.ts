import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HubLie, HubRefusal } from './hub-error.ts'
import { backoff } from './hub-fetch.ts'
import type { ChosenFile } from './hub-file.ts'
import { codeOf } from './pull-error.ts'

/** Opens the bytes of a file from an offset on; a server that knows no ranges begins at 0 and says so. */
export type OpenFile = (
  file: ChosenFile,
  offset: number,
) => Promise<{ body: ReadableStream<Uint8Array>; offset: number }>

interface FetchOptions {
  /** Called with the number of bytes that are safe on disk by now. */
  onBytes(bytes: number): void
  signal: AbortSignal
  /** How many transfers in a row may bring nothing. */
  attempts?: number
  /** A transfer that brings next to nothing for so long is cut and resumed. */
  stallMs?: number
}

/** A transfer that is not cut brings so many bytes within `stallMs`. */
const slowest = 16_384
/** So many transfers a file may take; the next pull goes on where this one ends. */
const mostTransfers = 1000

/**
 * Brings one file to `path`. What an earlier run or attempt left in `path.part` is kept and continued; only a whole
 * file whose hash is right gets its name. No byte beyond the announced size is written.
 *
 * @throws HubLie when the contents are not what the hub announced, and they are thrown away; Error when the attempts
 * are used up, and at once when the hub refuses or the disk does
 */
export async function fetchFile(file: ChosenFile, path: string, from: OpenFile, options: FetchOptions): Promise<void> {
  const { onBytes, signal, attempts = 6, stallMs = 30_000 } = options
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.part`
  // No range of an empty file can be asked for.
  if (file.size === 0) await writeFile(part, '', { mode: 0o600 })
  else if ((await sizeOf(path)) === file.size && (await hashIsRight(file, path))) return onBytes(file.size)
  let failures = 0
  let transfers = 0
  for (let have = await sizeOf(part); have < file.size; ) {
    let failure: unknown
    try {
      await append(part, await from(file, have), { file, onBytes, signal, stallMs })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HubLie) await rm(part, { force: true })
      if (error instanceof HubLie || error instanceof HubRefusal || isOfDisk(error)) throw error
      failure = error
    }
    const before = have
    have = await sizeOf(part)
    // A transfer that brought something is no failure, however often it is cut.
    failures = have > before ? 0 : failures + 1
    if (failures >= attempts) throw new Error(`${file.path}: gave up after ${attempts} attempts`, { cause: failure })
    if (++transfers >= mostTransfers)
      throw new Error(`${file.path}: gave up after ${transfers} transfers; pull again to go on`, { cause: failure })
    if (have < file.size) await sleep(backoff(failures), undefined, { signal })
  }
  if (!(await hashIsRight(file, part))) {
    await rm(part, { force: true })
    throw new Error(
      `${file.path}: the contents do not have the announced hash; they were thrown away, please pull again`,
    )
  }
  await rename(part, path)
}

async function append(
  part: string,
  { body, offset }: Awaited<ReturnType<OpenFile>>,
  { file, onBytes, signal, stallMs }: Required<Omit<FetchOptions, 'attempts'>> & { file: ChosenFile },
): Promise<void> {
  const reader = body.getReader()
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new Error(`nothing came for ${stallMs / 1000} seconds`)), stallMs)
  const stop = AbortSignal.any([signal, stalled.signal])
  // Ends a read that waits.
  stop.addEventListener('abort', () => reader.cancel().catch(() => {}))
  let out: FileHandle | undefined
  let written = offset
  let sinceRefresh = 0
  try {
    out = await open(part, offset === 0 ? 'w' : 'r+', 0o600)
    while (true) {
      const { done, value } = await reader.read()
      stop.throwIfAborted()
      if (done) break
      sinceRefresh += value.length
      if (sinceRefresh >= slowest) {
        timer.refresh()
        sinceRefresh = 0
      }
      if (written + value.length > file.size)
        throw new HubLie(`${file.path}: more comes than the ${file.size} bytes that were announced`)
      await writeAll(out, value, written)
      written += value.length
      onBytes(written)
    }
    // Before a file gets its name it must be on the disk, not only in the system's memory.
    await out.datasync()
  } finally {
    clearTimeout(timer)
    await reader.cancel().catch(() => {})
    await out?.close()
  }
}

async function writeAll(out: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await out.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

/** Failures that no second attempt mends, among them a full disk. */
function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EINVAL'].includes(codeOf(error) ?? '')
}

async function hashIsRight(file: ChosenFile, path: string): Promise<boolean> {
  if (file.sha256 !== null) return (await digest(createHash('sha256'), path)) === file.sha256
  // Git's object id: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
  return (await digest(createHash('sha1').update(`blob ${file.size}\0`), path)) === file.oid
}

async function digest(hash: Hash, path: string): Promise<string> {
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** In bytes; 0 for a file that is not there. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}
