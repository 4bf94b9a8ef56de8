import { RangeNotSatisfiable } from './errors.ts'
import type { ByteRange } from './object-store.ts'

/** Throws a `TypeError` for a range that no object could satisfy. */
export function assertRange(range: ByteRange): void {
  const { start, end } = range
  if (!Number.isSafeInteger(start) || start < 0 || (end !== undefined && (!Number.isSafeInteger(end) || end < start))) {
    throw new TypeError(`not a byte range: ${JSON.stringify(range)}`)
  }
}

/** The range as it applies to an object of `size` bytes: its end is cut to the last byte. */
export function resolveRange(key: string, range: ByteRange, size: number): { start: number; end: number } {
  if (range.start >= size) throw new RangeNotSatisfiable(key, size)
  return { start: range.start, end: Math.min(range.end ?? size - 1, size - 1) }
}
