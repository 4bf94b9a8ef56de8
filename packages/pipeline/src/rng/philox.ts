import type { Randn } from './generator.ts'

const rounds = 10
const scale = Math.fround(2.3283064e-10)
const angleScale = Math.fround(2.3283064e-10 * 6.2831855)

/**
 * The normals that torch draws on a CUDA device, by Philox4x32-10 (Salmon et al. 2011): element i of the n-th draw
 * comes from counter (n, 0, i, 0) and the seed as key. After AUTOMATIC1111's `rng_philox.py`, "NV" in its settings;
 * equal to CUDA for arrays of up to a few ten thousand elements.
 *
 * @param seed 0 … 2⁶⁴ − 1.
 */
export function philoxRandn(seed: number | bigint): Randn {
  const bits = BigInt.asUintN(64, BigInt(seed))
  const key0 = Number(bits & 0xffffffffn)
  const key1 = Number(bits >> 32n)
  const output = new Uint32Array(2)
  let draw = 0
  return (out) => {
    for (let i = 0; i < out.length; i++) {
      philox(draw, i, key0, key1, output)
      const u = output[0] * scale + scale / 2
      const v = output[1] * angleScale + angleScale / 2
      out[i] = Math.sqrt(-2 * Math.log(u)) * Math.sin(v)
    }
    draw++
  }
}

/** Encrypts the counter (draw, 0, element, 0); the first two of its four words are wanted. */
function philox(draw: number, element: number, key0: number, key1: number, output: Uint32Array): void {
  let [c0, c1, c2, c3] = [draw, 0, element, 0]
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0)
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = (high1 ^ c1 ^ key0) >>> 0
    c1 = low1 >>> 0
    c2 = (high0 ^ c3 ^ key1) >>> 0
    c3 = low0 >>> 0
    key0 = (key0 + 0x9e3779b9) >>> 0
    key1 = (key1 + 0xbb67ae85) >>> 0
  }
  output[0] = c0
  output[1] = c1
}

/**
 * The upper 32 of the 64 bits of a product of two 32-bit numbers, from products of halves that a double holds exactly.
 */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000)
  return aHigh * bHigh + Math.floor((middle + aLow * bHigh) / 0x10000)
}
