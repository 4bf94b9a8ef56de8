import type { GenerateRequest } from '../request.ts'
import type { Randn } from '../rng/generator.ts'
import { philoxRandn } from '../rng/philox.ts'
import { torchCpuRandn } from '../rng/torch-cpu.ts'
import { type LatentShape, variationRandn } from '../rng/variation.ts'

interface ImageSeeds {
  seed: number
  variationSeed: number | null
}

type Seeding = Pick<GenerateRequest, 'seed' | 'numImages' | 'variationSeed' | 'variationStrength'>

/** Image i has seed + i; with a variation all share the seed and image i has variationSeed + i. */
export function imageSeeds(request: Seeding): ImageSeeds[] {
  const { seed, numImages, variationSeed, variationStrength } = request
  return Array.from({ length: numImages }, (_, i) =>
    variationStrength > 0 && variationSeed !== null
      ? { seed, variationSeed: variationSeed + i }
      : { seed: seed + i, variationSeed: null },
  )
}

/** One generator per image, so that a batch equals single runs. */
export function noiseSources(request: Seeding & Pick<GenerateRequest, 'rng'>, shape: LatentShape): Randn[] {
  const source = request.rng === 'nv' ? philoxRandn : torchCpuRandn
  return imageSeeds(request).map(({ seed, variationSeed }) =>
    variationSeed === null
      ? source(seed)
      : variationRandn(source(seed), source(variationSeed), request.variationStrength, shape),
  )
}

/** The first draw of each image's plain seed, one image after another. */
export function seedNoise(request: Seeding & Pick<GenerateRequest, 'rng'>, length: number): Float32Array {
  const source = request.rng === 'nv' ? philoxRandn : torchCpuRandn
  const noise = new Float32Array(request.numImages * length)
  imageSeeds(request).forEach(({ seed }, i) => {
    source(seed)(noise.subarray(i * length, (i + 1) * length))
  })
  return noise
}
