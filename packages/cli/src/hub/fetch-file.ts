import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HubApiError } from '@huggingface/hub'
import type { ChosenFile } from './choose-files.ts'

/** Opens the bytes of a file from an offset on. */
export type OpenFile = (file: ChosenFile, offset: number) => Promise<ReadableStream<Uint8Array>>

export interface FetchOptions {
  /** Called with the number of bytes that are safe on disk by now. */
  onBytes(bytes: number): void
  signal: AbortSignal
  attempts?: number
  /** A transfer that brings nothing for so long is cut and resumed. */
  stallMs?: number
}

/**
 * Brings one file to `path`. What an earlier run or attempt left in `path.part` is kept and continued; only a whole file whose hash is right gets its name.
 *
 * @throws Error when the attempts are used up, or at once when the contents are not what the hub announced
 */
export async function fetchFile(file: ChosenFile, path: string, open: OpenFile, options: FetchOptions): Promise<void> {
  const { onBytes, signal, attempts = 6, stallMs = 30_000 } = options
  await mkdir(dirname(path), { recursive: true })
  // No range of an empty file can be asked for.
  if (file.size === 0) return writeFile(path, '')
  if ((await sizeOf(path)) === file.size && (await hashIsRight(file, path))) return onBytes(file.size)
  const part = `${path}.part`
  for (let attempt = 1; (await sizeOf(part)) < file.size; attempt++) {
    try {
      const offset = await sizeOf(part)
      await append(part, offset, await open(file, offset), { onBytes, signal, stallMs })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HubApiError && error.statusCode < 500 && ![408, 429].includes(error.statusCode)) throw error
      if (attempt >= attempts) throw new Error(`${file.path}: gave up after ${attempts} attempts`, { cause: error })
      await sleep(Math.min(250 * 2 ** attempt, 8000), undefined, { signal })
    }
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
  offset: number,
  body: ReadableStream<Uint8Array>,
  options: Required<Omit<FetchOptions, 'attempts'>>,
): Promise<void> {
  const out = createWriteStream(part, { flags: offset === 0 ? 'w' : 'r+', start: offset })
  const reader = body.getReader()
  let written = offset
  try {
    while (true) {
      const { done, value } = await inTime(reader.read(), options)
      if (done) break
      await new Promise<void>((resolve, reject) => out.write(value, (error) => (error ? reject(error) : resolve())))
      written += value.length
      options.onBytes(written)
    }
  } finally {
    await reader.cancel().catch(() => {})
    await new Promise<void>((resolve, reject) => out.end((error?: Error | null) => (error ? reject(error) : resolve())))
  }
}

async function inTime<T>(
  promise: Promise<T>,
  { stallMs, signal }: { stallMs: number; signal: AbortSignal },
): Promise<T> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(stallMs)])
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => both.addEventListener('abort', () => reject(both.reason), { once: true })),
  ])
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

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}
