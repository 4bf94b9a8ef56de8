import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoadedModel } from '../load-model.ts'
import { loadModel } from '../load-model.ts'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { largestDifference } from '../parity/reference.ts'
import type { RgbImage } from '../request.ts'
import { decodeLatents, encodeImage } from './vae.ts'

let model: LoadedModel
beforeAll(async () => {
  model = (await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })) as LoadedModel
})
afterAll(() => model.dispose())

const pause = async (): Promise<void> => {}

test.each([
  [384, 256],
  [520, 136],
  [72, 488],
])('in tiles, %i×%i comes out as it does at once', async (width, height) => {
  const picture = photo(width, height)
  const inTiles = { ...model.vae, tilePixels: 128 * 128 }
  const latents = await encodeImage(model.vae, picture, pause)
  expect(largestDifference(await encodeImage(inTiles, picture, pause), latents)).toBeLessThan(1e-4)
  const whole = await decodeLatents(model.vae, latents, picture, 'round', pause)
  const tiled = await decodeLatents(inTiles, latents, picture, 'round', pause)
  expect(largestDifference(tiled.data, whole.data)).toBeLessThanOrEqual(2)
  expect(new Set(whole.data).size).toBeGreaterThan(100)
})

test('a tile knows too little at its edges: cut sharply, the tiles would not fit', async () => {
  const picture = photo(256, 128)
  const latents = await encodeImage(model.vae, picture, pause)
  const whole = await decodeLatents(model.vae, latents, picture, 'round', pause)
  const half = Float32Array.from({ length: latents.length / 2 }, (_, i) => latents[Math.floor(i / 16) * 32 + (i % 16)])
  const left = await decodeLatents(model.vae, half, { width: 128, height: 128 }, 'round', pause)
  const leftOfWhole = left.data.map((_, i) => whole.data[Math.floor(i / 384) * 768 + (i % 384)])
  expect(largestDifference(left.data, leftOfWhole)).toBeGreaterThan(4)
})

const builtIn = fileURLToPath(new URL('../../../../models/still-life', import.meta.url))
test('a trained VAE comes out of tiles within 2 levels', async () => {
  const { vae, dispose } = (await loadModel(builtIn, { device: 'cpu', threads: 1 })) as LoadedModel
  const picture = photo(384, 256)
  const latents = await encodeImage(vae, picture, pause)
  const whole = await decodeLatents(vae, latents, picture, 'round', pause)
  const inTiles = { ...vae, tilePixels: 256 * 256 }
  const tiled = await decodeLatents(inTiles, await encodeImage(inTiles, picture, pause), picture, 'round', pause)
  expect(largestDifference(tiled.data, whole.data)).toBeLessThanOrEqual(2)
  await dispose()
})

test('stops between tiles', async () => {
  let tiles = 0
  const stopping = encodeImage({ ...model.vae, tilePixels: 128 * 128 }, photo(512, 512), async () => {
    if (++tiles === 3) throw new Error('stopped')
  })
  await expect(stopping).rejects.toThrow('stopped')
})

/** Shades, edges and fine texture. */
function photo(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
    const disc = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2 ? 90 : 0
    data[i] = 60 + 60 * Math.sin(x / 17 + c) + disc * (c === 0 ? 1 : 0.3) + ((i * 2_654_435_761) >>> 27)
  }
  return { width, height, data }
}
