import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { CheckpointError, showBytes } from '../errors.ts'
import { otherFormat } from './other-formats.ts'
import { type Header, parseHeader } from './parse-header.ts'

/**
 * The format's reference reader allows 100 MB; real headers, with all that trainers write into them, have less than 10.
 */
const longestHeader = 25_000_000

/** A safetensors file as its header describes it. */
export interface SafetensorsFile extends Header {
  /** Absolute, with all links followed: whoever maps the file must lead to it by its real name. */
  path: string
  /** In bytes. */
  size: number
  /** When it was last written, in ms since 1970. With the size, what tells that a file was changed. */
  modified: number
}

/**
 * Reads the header of a safetensors file, and nothing else of it.
 *
 * @throws CheckpointError with what is wrong with the file
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const real = await realpath(path).catch(() => {
    throw new CheckpointError('There is no such file.')
  })
  const { size, mtimeMs } = await regularFile(real)
  const file = await open(real, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new CheckpointError(`It cannot be read (${error.code}).`)
  })
  try {
    const head = await readHead(file, size)
    return { ...parseHeader(head, { path: real, size }), path: real, size, modified: mtimeMs }
  } finally {
    await file.close()
  }
}

/** A pipe or a device would never end, or never begin. */
async function regularFile(path: string) {
  const found = await stat(path)
  if (!found.isFile()) throw new CheckpointError('It is no file.')
  return found
}

async function readHead(file: FileHandle, size: number): Promise<Uint8Array> {
  const begin = Buffer.alloc(Math.min(size, 64))
  await readFully(file, begin, 0)
  if (size <= 8 || begin[8] !== '{'.charCodeAt(0)) throw new CheckpointError(otherFormat(begin))
  const length = begin.readBigUInt64LE()
  if (length > longestHeader) {
    throw new CheckpointError(
      `Its header would take ${showBytes(Number(length))}, and ${showBytes(longestHeader)} are the most.`,
    )
  }
  if (8 + Number(length) > size) {
    throw new CheckpointError('It ends within its header: it was not copied or downloaded completely. Fetch it again.')
  }
  const head = Buffer.alloc(Number(length))
  await readFully(file, head, 8)
  return head
}

async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  const { bytesRead } = await file.read(into, 0, into.length, position)
  if (bytesRead < into.length) throw new CheckpointError('It became shorter while it was read.')
}
