import { expect, test } from 'vitest'
import { imageSeeds, noiseSources, seedNoise } from './noise-sources.ts'

const shape = { channels: 4, height: 4, width: 8 }
const plain = { seed: 5, numImages: 3, variationSeed: 9, variationStrength: 0, rng: 'cpu' as const }
const first = (request: typeof plain): Float32Array[] =>
  noiseSources(request, shape).map((randn) => {
    const noise = new Float32Array(128)
    randn(noise)
    return noise
  })

test('seeds count up from image to image, variation seeds instead when they are used', () => {
  expect(imageSeeds(plain).map(({ seed }) => seed)).toEqual([5, 6, 7])
  expect(imageSeeds({ ...plain, variationStrength: 0.1 })).toEqual([
    { seed: 5, variationSeed: 9 },
    { seed: 5, variationSeed: 10 },
    { seed: 5, variationSeed: 11 },
  ])
})

test('image i of a batch draws what a single image of seed + i draws', () => {
  const batch = first(plain)
  batch.forEach((noise, i) => {
    expect(first({ ...plain, seed: 5 + i, numImages: 1 })[0]).toEqual(noise)
  })
})

test('a variation of strength 1 is the noise of the variation seed', () => {
  const [noise] = first({ ...plain, variationStrength: 1 })
  const [other] = first({ ...plain, seed: 9 })
  noise.forEach((value, i) => {
    expect(value).toBeCloseTo(other[i], 4)
  })
})

test('the two streams differ, and the noise of a seed is its first draw', () => {
  expect(first({ ...plain, rng: 'nv' as 'cpu' })[0]).not.toEqual(first(plain)[0])
  expect(seedNoise(plain, 128).subarray(128, 256)).toEqual(first(plain)[1])
})
