import type { Randn } from './generator.ts'
import { mt19937 } from './mt19937.ts'

/** Box and Muller's transform in blocks of this length; below it torch takes another path. */
const blockLength = 16
const twoPi = Math.fround(2 * Math.PI)

/**
 * `torch.randn(n, generator=torch.Generator().manual_seed(seed))` in float32 on the CPU, draw after draw.
 * Agrees within 1e-6 (torch's vectorised log, sin and cos differ in the last places).
 * Source: ATen/native/cpu/DistributionTemplates.h and ATen/core/DistributionsHelper.h.
 *
 * @param seed 0 … 2⁶⁴ − 1; only its low 32 bits count, as in torch.
 */
export function torchCpuRandn(seed: number | bigint): Randn {
  const bits = mt19937(seed)
  const single = singleNormals(bits)
  return (out) => {
    if (out.length >= blockLength) fillBlocks(out, bits)
    else for (let i = 0; i < out.length; i++) out[i] = single()
  }
}

/** Uniforms for the whole array, transformed block by block; a rest takes fresh uniforms for the last 16 places. */
function fillBlocks(out: Float32Array, bits: () => number): void {
  const uniform = (): number => (bits() & 0xffffff) / 0x1000000
  for (let i = 0; i < out.length; i++) out[i] = uniform()
  const blocksEnd = out.length - (out.length % blockLength)
  for (let start = 0; start < blocksEnd; start += blockLength) transformBlock(out, start)
  if (blocksEnd === out.length) return
  const tail = out.length - blockLength
  for (let i = tail; i < out.length; i++) out[i] = uniform()
  transformBlock(out, tail)
}

function transformBlock(out: Float32Array, start: number): void {
  for (let j = start; j < start + blockLength / 2; j++) {
    const u1 = Math.fround(1 - out[j])
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(u1)))))
    const theta = Math.fround(twoPi * out[j + blockLength / 2])
    out[j] = radius * Math.fround(Math.cos(theta))
    out[j + blockLength / 2] = radius * Math.fround(Math.sin(theta))
  }
}

/** The scalar path: pairs in double precision from 53 random bits each, the second of a pair kept for the next call. */
function singleNormals(bits: () => number): () => number {
  const uniform = (): number => {
    const high = bits()
    return ((high & 0x1fffff) * 2 ** 32 + bits()) / 2 ** 53
  }
  let kept: number | undefined
  return () => {
    if (kept !== undefined) {
      const value = kept
      kept = undefined
      return value
    }
    const theta = 2 * Math.PI * uniform()
    const radius = Math.sqrt(-2 * Math.log1p(-uniform()))
    kept = radius * Math.sin(theta)
    return radius * Math.cos(theta)
  }
}
