import { CheckpointError, quote } from '../errors.ts'
import type { Dtype, Tensor } from '../weights.ts'
import { countMembers } from './count-members.ts'

/** Bytes of one number. */
const widths: Record<Dtype, number> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  U32: 4,
  I32: 4,
  U64: 8,
  I64: 8,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F16: 2,
  BF16: 2,
  F32: 4,
  F64: 8,
}

/** More dimensions than any network's weights have. */
const mostDimensions = 8

/** What a header says: tensors by their own names, and words about the file. */
export interface Header {
  tensors: Map<string, Tensor>
  metadata: Map<string, string>
}

/**
 * Reads a safetensors header. What it must hold is what the format's reference reader asks for: every byte behind the
 * header belongs to exactly one tensor, and each tensor has as many bytes as its shape and format take. A name that
 * stands twice is refused too, since readers differ in which of the two they take.
 *
 * @param json the header's bytes, without the eight of its length
 * @param file the file's absolute path, and its `size` in bytes
 * @throws CheckpointError
 */
export function parseHeader(json: Uint8Array, { path, size }: { path: string; size: number }): Header {
  const value = parseJson(json)
  const metadata = new Map<string, string>()
  const tensors = new Map<string, Tensor>()
  const start = 8 + json.length
  for (const [name, entry] of Object.entries(value)) {
    if (!isObject(entry)) throw new CheckpointError(`Its header has no object for ${quote(name)}.`)
    if (name !== '__metadata__') tensors.set(name, parseTensor(name, entry, path, start))
    else for (const [key, said] of Object.entries(entry)) if (typeof said === 'string') metadata.set(key, said)
  }
  checkCover(tensors, start, size)
  return { tensors, metadata }
}

function parseJson(json: Uint8Array): Record<string, unknown> {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(json)
    value = JSON.parse(text)
  } catch {
    throw new CheckpointError('Its header is no JSON: it is damaged, or no safetensors file.')
  }
  if (!isObject(value)) throw new CheckpointError('Its header is no JSON object.')
  const known = Object.values(value).reduce(
    (sum: number, entry) => sum + (isObject(entry) ? Object.keys(entry).length : 0),
    Object.keys(value).length,
  )
  if (countMembers(text, 2) !== known) throw new CheckpointError('Its header names something twice.')
  return value
}

function parseTensor(name: string, entry: Record<string, unknown>, file: string, start: number): Tensor {
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(widths, dtype)) {
    throw new CheckpointError(
      `The tensor ${quote(name)} has the number format ${quote(String(dtype))}, which is not supported.`,
    )
  }
  if (!isCounts(shape) || shape.length > mostDimensions)
    throw new CheckpointError(`The tensor ${quote(name)} has no proper shape.`)
  if (!isCounts(offsets) || offsets.length !== 2)
    throw new CheckpointError(`The tensor ${quote(name)} has no proper data_offsets.`)
  const [begin = 0, end = 0] = offsets
  const needed = shape.reduce((product, dim) => product * dim, widths[dtype as Dtype])
  if (end - begin !== needed) {
    throw new CheckpointError(
      `The tensor ${quote(name)} takes ${needed} bytes by its shape and format, and has ${end - begin} by its data_offsets.`,
    )
  }
  return { file, dtype: dtype as Dtype, shape, offset: start + begin, length: end - begin }
}

function checkCover(tensors: ReadonlyMap<string, Tensor>, start: number, size: number): void {
  let place = start
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length)
  for (const [name, { offset, length }] of inOrder) {
    if (offset < place) throw new CheckpointError(`The tensor ${quote(name)} lies over another one.`)
    if (offset > place)
      throw new CheckpointError(`There are bytes before the tensor ${quote(name)} that belong to no tensor.`)
    place = offset + length
  }
  if (place > size) {
    throw new CheckpointError(
      `It has ${size} bytes, and its header names ${place}: it was not copied or downloaded completely. Fetch it again.`,
    )
  }
  if (place < size)
    throw new CheckpointError(
      `It has ${size - place} bytes behind what its header names: it is damaged. Fetch it again.`,
    )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}
