import type { Randn } from '../rng/generator.ts'
import { philoxRandn } from '../rng/philox.ts'
import { torchCpuRandn } from '../rng/torch-cpu.ts'
import { slerp } from '../rng/variation.ts'
import { floats, largestDifference, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'

interface RngFixture {
  torch: { seed: string; sizes: number[]; values: string }[]
  philox: { seed: string; draws: number; size: number; values: string }[]
  shape: [number, number, number]
  variations: { seed: number; other: number; strength: number; values: string }[]
}

/** The noise streams. */
export function rngRows(): ParityRow[] {
  const { torch, philox, shape, variations } = reference<RngFixture>('rng')
  const row = { group: 'Noise', unit: 'largest difference of a value', limit: 1e-6 }
  return [
    {
      ...row,
      subject: 'rng cpu',
      reference: 'torch.randn on the CPU',
      extent: `${torch.length} sequences, sizes from 1, seeds to 2⁵³ − 1`,
      measure: () =>
        worst(torch.map(({ seed, sizes, values }) => streamDifference(torchCpuRandn(BigInt(seed)), sizes, values))),
    },
    {
      ...row,
      subject: 'rng nv',
      reference: "AUTOMATIC1111's rng_philox, written anew",
      extent: `${philox.length} seeds to 2⁵³ − 1, two draws each`,
      measure: () =>
        worst(
          philox.map(({ seed, draws, size, values }) =>
            streamDifference(philoxRandn(BigInt(seed)), Array(draws).fill(size), values),
          ),
        ),
    },
    {
      ...row,
      subject: 'variation seeds',
      reference: "AUTOMATIC1111's slerp, written anew on torch",
      extent: `${variations.length} pairs of seeds and strengths`,
      limit: 2e-6,
      measure: () =>
        worst(
          variations.map(({ seed, other, strength, values }) => {
            const [channels, height, width] = shape
            const expected = floats(values)
            const noise = drawn(torchCpuRandn(seed), expected.length)
            slerp(strength, noise, drawn(torchCpuRandn(other), expected.length), { channels, height, width })
            return largestDifference(noise, expected)
          }),
        ),
    },
  ]
}

/** Draws arrays of the given sizes one after another and compares them all. */
function streamDifference(randn: Randn, sizes: number[], values: string): number {
  const expected = floats(values)
  let start = 0
  return worst(
    sizes.map((size) => {
      const difference = largestDifference(drawn(randn, size), expected.subarray(start, start + size))
      start += size
      return difference
    }),
  )
}

function drawn(randn: Randn, size: number): Float32Array {
  const values = new Float32Array(size)
  randn(values)
  return values
}
