import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Reads a fixture that tools/reference made; its arrays are base64 of raw bytes. */
export function reference<Content>(name: string): Content {
  const file = new URL(`../../fixtures/reference/${name}.json.gz`, import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(file)).toString())
}

export function octets(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

export function floats(base64: string): Float32Array {
  return new Float32Array(octets(base64).buffer)
}

export function doubles(base64: string): Float64Array {
  return new Float64Array(octets(base64).buffer)
}

/** The largest difference of two arrays of one length. NaN anywhere gives NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`lengths differ: ${a.length} and ${b.length}`)
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i])
    if (!(difference <= largest)) largest = difference
  }
  return largest
}

export function largest(values: ArrayLike<number>): number {
  return largestDifference(values, new Float64Array(values.length))
}
