/** A slice of base64 is made of whole groups of three bytes. */
const sliceBytes = 3 * 16 * 1024

/** Bytes as base64, a slice at a time. */
export function* base64Pieces(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < buffer.length; at += sliceBytes) yield buffer.toString('base64', at, at + sliceBytes)
}
