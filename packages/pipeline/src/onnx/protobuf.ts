import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * One field of a protobuf message: `value` for numbers, the byte range `start` … `end` for everything that has a
 * length. With its tag it begins at `begin`.
 */
export interface Field {
  number: number
  value: number
  begin: number
  start: number
  end: number
}

/**
 * Reads protobuf from a file without loading it: only the bytes that are asked for, through one 64 kB window.
 * A model's weights are skipped over, so that a graph of several gigabytes is described in milliseconds.
 */
export interface ProtobufFile {
  size: number
  fields(start: number, end: number): Generator<Field>
  text(field: Field): string
  bytes(start: number, end: number): Uint8Array
  close(): void
}

export function openProtobuf(path: string): ProtobufFile {
  const descriptor = openSync(path, 'r')
  const size = fstatSync(descriptor).size
  const window = new Uint8Array(65536)
  let windowStart = 0
  let windowEnd = 0

  function byteAt(position: number): number {
    if (position >= size) throw new RangeError('The file ends within a message.')
    if (position < windowStart || position >= windowEnd) {
      windowStart = position
      windowEnd = position + readSync(descriptor, window, 0, window.length, position)
    }
    return window[position - windowStart]
  }

  function varint(position: number): { value: number; next: number } {
    let value = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      const byte = byteAt(position + i)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return { value, next: position + i + 1 }
      scale *= 128
    }
    throw new RangeError('A number is longer than 10 bytes.')
  }

  function bytes(start: number, end: number): Uint8Array {
    const out = new Uint8Array(end - start)
    const read = readSync(descriptor, out, 0, out.length, start)
    if (read !== out.length) throw new RangeError('The file ends within a message.')
    return out
  }

  return {
    size,
    bytes,
    text: (field) => Buffer.from(bytes(field.start, field.end)).toString('utf8'),
    close: () => closeSync(descriptor),
    *fields(start, end) {
      let position = start
      while (position < end) {
        const tag = varint(position)
        const number = Math.floor(tag.value / 8)
        const wire = tag.value % 8
        if (wire === 0) {
          const { value, next } = varint(tag.next)
          yield { number, value, begin: position, start: tag.next, end: next }
          position = next
        } else {
          const { value, next } = wire === 2 ? varint(tag.next) : { value: fixedLength(wire), next: tag.next }
          const after = next + value
          if (after > end) throw new RangeError('A field is longer than its message.')
          yield { number, value: 0, begin: position, start: next, end: after }
          position = after
        }
      }
    },
  }
}

function fixedLength(wire: number): number {
  if (wire === 1) return 8
  if (wire === 5) return 4
  throw new RangeError(`Unknown wire type ${wire}.`)
}
