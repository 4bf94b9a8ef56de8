import type { Dtype } from '../weights.ts'

/**
 * Numbers of −1 … 1, each from its place alone (Wellons' lowbias32): tools/checkpoints/numbers_alike.py makes the same.
 */
export function uniform(seed: number, count: number): Float64Array {
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b) + 1) >>> 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    x ^= x >>> 16
    values[i] = (x >>> 8) / 2 ** 23 - 1
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
  const values = uniform(seed, count)
  const around = shape.length === 1 && name.endsWith('.weight') ? 1 : 0
  const scale = shape.length > 1 ? (3 / product(shape.slice(1))) ** 0.5 : 0.1
  return new Float32Array(values.map((value) => around + value * scale))
}

/** What goes into a network. */
export function inputNumbers(shape: readonly number[], seed: number): Float32Array {
  return new Float32Array(uniform(seed, product(shape)).map((value) => value * 1.5))
}

export function product(dims: readonly number[]): number {
  return dims.reduce((result, dim) => result * dim, 1)
}

/** Float32 numbers as a file of another format holds them, each rounded to the nearest. */
export function encode(values: Float32Array, dtype: Dtype): Uint8Array {
  if (dtype === 'F64') return bytesOf(Float64Array.from(values))
  if (dtype === 'F32') return bytesOf(values)
  if (dtype === 'F16') return bytesOf(Float16Array.from(values))
  if (dtype === 'BF16') return bytesOf(Uint16Array.from(new Uint32Array(values.slice().buffer), toBfloat16))
  if (dtype === 'F8_E4M3') return Uint8Array.from(values, (value) => toFloat8(value, { mantissa: 3, bias: 7 }))
  if (dtype === 'F8_E5M2') return Uint8Array.from(values, (value) => toFloat8(value, { mantissa: 2, bias: 15 }))
  throw new TypeError(`No numbers in ${dtype}.`)
}

/** Half to even. */
function toBfloat16(word: number): number {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
}

/** Numbers in the format's range only. Half to even. */
function toFloat8(value: number, { mantissa, bias }: { mantissa: number; bias: number }): number {
  const size = Math.abs(value)
  const exponent = Math.max(Math.floor(Math.log2(size || 1e-30)), 1 - bias)
  const scaled = size / 2 ** (exponent - mantissa)
  const below = Math.floor(scaled)
  const rest = scaled - below
  const steps = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
  // Steps beyond a power of two run on into the next exponent.
  const code = ((exponent + bias - 1) << mantissa) + steps
  return value < 0 ? code | 128 : code
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
