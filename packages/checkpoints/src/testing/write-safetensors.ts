import { truncate, writeFile } from 'node:fs/promises'
import type { Dtype } from '../weights.ts'

/** A tensor that is to be written: its numbers are zeros, for who reads headers only. */
export interface Stored {
  dtype: Dtype
  shape: readonly number[]
}

const widths: Partial<Record<Dtype, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2 }

/** Bytes of one number. */
export function widthOf(dtype: Dtype): number {
  return widths[dtype] ?? 1
}

/**
 * Writes a safetensors file as its own library does, largest formats first and the header padded to 8 bytes. What
 * follows the header is a hole.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<[string, Stored]>,
  metadata?: Record<string, string>,
): Promise<void> {
  const inOrder = [...tensors].sort(([, a], [, b]) => widthOf(b.dtype) - widthOf(a.dtype))
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  let place = 0
  for (const [name, { dtype, shape }] of inOrder) {
    const end = place + shape.reduce((product, dim) => product * dim, widthOf(dtype))
    header[name] = { dtype, shape, data_offsets: [place, end] }
    place = end
  }
  const head = headBytes(JSON.stringify(header))
  await writeFile(path, head)
  await truncate(path, head.length + place)
}

/** Length and text of a header, padded with spaces. */
export function headBytes(json: string): Buffer {
  const text = Buffer.from(json)
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}
