/** A protobuf message: its fields, one after another. */
export type Message = readonly Uint8Array[]

/** A field that has a length: text, bytes, or a message. */
export function lengthField(number: number, content: string | Uint8Array | Message): Uint8Array {
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : content instanceof Uint8Array
        ? content
        : Buffer.concat(content as Uint8Array[])
  return Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(bytes.length)), bytes])
}

/** A field that is a whole number of 64 bits; below 0 in two's complement, as protobuf's int64. */
export function integerField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(BigInt(number * 8)), varint(BigInt.asUintN(64, BigInt(value)))])
}

/** A field that is a float32. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([varint(BigInt(number * 8 + 5)), bytes])
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
