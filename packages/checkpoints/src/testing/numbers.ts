import type { Dtype } from '../weights.ts'

/**
 * Numbers of −1 … 1, each from its place alone (Wellons' lowbias32): tools/checkpoints/numbers_alike.py makes the same.
 * In float32, scaled and moved before they are rounded.
 */
export function uniform(seed: number, count: number, scale = 1, centre = 0): Float32Array {
  const values = new Float32Array(count)
  const start = (Math.imul(seed, 0x85ebca6b) + 1) | 0
  for (let i = 0; i < count; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + start) | 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    x ^= x >>> 16
    values[i] = ((x >>> 8) / 2 ** 23 - 1) * scale + centre
  }
  return values
}

/**
 * Norms (all that is one row and called a weight) around 1, biases small, all else such that its outputs are about as
 * large as its inputs.
 */
export function weightNumbers(
  name: string,
  shape: readonly number[],
  seed: number,
  count = product(shape),
): Float32Array {
  const centre = shape.length === 1 && name.endsWith('.weight') ? 1 : 0
  const scale = shape.length > 1 ? (3 / product(shape.slice(1))) ** 0.5 : 0.1
  return uniform(seed, count, scale, centre)
}

/** What goes into a network. */
export function inputNumbers(shape: readonly number[], seed: number): Float32Array {
  return uniform(seed, product(shape), 1.5)
}

export function product(dims: readonly number[]): number {
  return dims.reduce((result, dim) => result * dim, 1)
}

/** Float32 numbers as a file of another format holds them, each rounded to the nearest. */
export function encode(values: Float32Array, dtype: Dtype): Uint8Array {
  if (dtype === 'F64') return bytesOf(new Float64Array(values))
  if (dtype === 'F32') return bytesOf(values)
  if (dtype === 'F16') return bytesOf(new Float16Array(values))
  if (dtype === 'BF16') return bytesOf(new Uint16Array(new Uint32Array(values.slice().buffer).map(toBfloat16)))
  if (dtype === 'F8_E4M3') return inFloat8(values, { mantissa: 3, bias: 7 })
  if (dtype === 'F8_E5M2') return inFloat8(values, { mantissa: 2, bias: 15 })
  throw new TypeError(`No numbers in ${dtype}.`)
}

/** Half to even. */
function toBfloat16(word: number): number {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
}

/** Numbers in the format's range only. Half to even. */
function inFloat8(values: Float32Array, { mantissa, bias }: { mantissa: number; bias: number }): Uint8Array {
  const words = new Uint32Array(values.slice().buffer)
  return new Uint8Array(words.map((word, i) => toFloat8(Math.abs(values[i] ?? 0), word, { mantissa, bias })))
}

/** @param word the bits of the float32 whose size it is */
function toFloat8(size: number, word: number, { mantissa, bias }: { mantissa: number; bias: number }): number {
  const exponent = Math.max(((word >>> 23) & 255) - 127, 1 - bias)
  const scaled = size / 2 ** (exponent - mantissa)
  const below = Math.floor(scaled)
  const rest = scaled - below
  const steps = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
  // Steps beyond a power of two run on into the next exponent.
  const code = ((exponent + bias - 1) << mantissa) + steps
  return (word >>> 31) * 128 + code
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
