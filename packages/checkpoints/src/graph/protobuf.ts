/** A protobuf message: its fields, one after another. */
export type Message = readonly Uint8Array[]

/** A field that has a length: text, bytes, or a message. */
export function lengthField(number: number, content: string | Uint8Array | Message): Uint8Array {
  const parts = typeof content === 'string' ? [] : content instanceof Uint8Array ? [content] : content
  const length = typeof content === 'string' ? Buffer.byteLength(content) : total(parts)
  const tag = number * 8 + 2
  const bytes = Buffer.allocUnsafe(varintLength(tag) + varintLength(length) + length)
  let place = writeVarint(bytes, writeVarint(bytes, 0, tag), length)
  if (typeof content === 'string') bytes.write(content, place)
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}

/** A field that is a whole number of 64 bits; below 0 in two's complement, as protobuf's int64. */
export function integerField(number: number, value: number): Uint8Array {
  const tag = number * 8
  const negative = value < 0 ? negativeVarint(value) : null
  const bytes = Buffer.allocUnsafe(varintLength(tag) + (negative?.length ?? varintLength(value)))
  const place = writeVarint(bytes, 0, tag)
  if (negative) bytes.set(negative, place)
  else writeVarint(bytes, place, value)
  return bytes
}

/** A field that is a float32. */
export function floatField(number: number, value: number): Uint8Array {
  const tag = number * 8 + 5
  const bytes = Buffer.allocUnsafe(varintLength(tag) + 4)
  bytes.writeFloatLE(value, writeVarint(bytes, 0, tag))
  return bytes
}

function total(parts: Message): number {
  let sum = 0
  for (const { length } of parts) sum += length
  return sum
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++
  return length
}

/** @returns where the next byte belongs */
function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let place = start
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[place++] = (rest % 128) + 128
  bytes[place++] = rest
  return place
}

function negativeVarint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
