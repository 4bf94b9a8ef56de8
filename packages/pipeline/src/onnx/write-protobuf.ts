/** A protobuf field that has a length: text, bytes, or a message of fields. */
export function lengthField(number: number, content: string | Uint8Array | readonly Uint8Array[]): Uint8Array {
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : content instanceof Uint8Array
        ? content
        : Buffer.concat(content as Uint8Array[])
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

/** A protobuf field that is a whole number, 0 to 2⁵³ − 1. */
export function numberField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number * 8), varint(value)])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.from([...bytes, rest])
}
