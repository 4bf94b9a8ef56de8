import { afterAll, beforeAll, expect, it } from 'vitest'
import { generate, loadModel, type Model } from '../index.ts'
import { fixtureModel, pipelineCases, plainInpaint, plainRequest } from '../parity/pipeline-cases.ts'
import type { RgbImage } from '../request.ts'
import { isUnsafe } from './is-unsafe.ts'

const { picture, mask } = pipelineCases('pipelines', {})
const image = picture('sketch')
const request = { ...plainRequest, image, steps: 2, numImages: 3 }
const checker = '/safety_checker/model.safetensors'

let model: Model
beforeAll(async () => {
  model = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })
})
afterAll(() => model.dispose())

/** Finds the pictures unsafe that are looked at as the n-th. */
function finding(...unsafe: number[]) {
  const seen: RgbImage[] = []
  return { seen, isUnsafe: async (one: RgbImage) => unsafe.includes(seen.push(one) - 1) }
}
const isBlack = ({ data }: RgbImage) => data.every((value) => value === 0)

it('a blocked picture is black, and the others stay', async () => {
  const plain = await generate(model, request)
  expect(plain.images.map(({ flagged }) => flagged)).toEqual([undefined, undefined, undefined])
  const blocked = await generate(model, { ...request, safety: { policy: 'block', checker } }, finding(1))
  expect(blocked.images.map((one) => [one.flagged, isBlack(one.image)])).toEqual([
    [false, false],
    [true, true],
    [false, false],
  ])
  expect(blocked.images[2]?.image).toEqual(plain.images[2]?.image)
  expect(blocked.images[1]?.image).toMatchObject({ width: 96, height: 64 })
  const message = 'Image 1 was found unsafe by the safety checker, and is black.'
  expect(blocked.warnings).toEqual([{ code: 'flagged', message }])
  const flagged = await generate(model, { ...request, safety: { policy: 'flag', checker } }, finding(0, 2))
  expect(flagged.images.map(({ flagged: is }) => is)).toEqual([true, false, true])
  expect(flagged.images.map((one) => one.image)).toEqual(plain.images.map((one) => one.image))
  expect(flagged.warnings[0]?.message).toBe('Images 0, 2 were found unsafe by the safety checker.')
})

it('what was found in the first painting stays blocked in the second, and in what it is enlarged to', async () => {
  const safety = { policy: 'block', checker } as const
  const hires = { ...request, numImages: 1, safety }
  const enlarging = { factor: 1.5, upscaler: null, hires: { strength: 0.5, steps: 1 } }
  const second = await generate(model, { ...hires, enlarging }, finding(0))
  expect(second.images.map((one) => [one.flagged, isBlack(one.image), one.image.width])).toEqual([[true, true, 144]])
  const larger = await generate(model, { ...hires, enlarging: { ...enlarging, hires: null } }, finding(0))
  expect(larger.images.map((one) => [isBlack(one.image), one.image.width])).toEqual([[true, 144]])
})

it('a part that is put back is looked at, and then the whole', async () => {
  const large = picture('large')
  const change = { width: 64, height: 64, steps: 1, inpaintArea: 'masked', image: large } as const
  const eyes = finding(1)
  const asked = { ...plainInpaint(large, mask('corner'), change), safety: { policy: 'block', checker } as const }
  const { images } = await generate(model, asked, eyes)
  expect(eyes.seen.map(({ width }) => width)).toEqual([64, 160])
  expect(images.map((one) => isBlack(one.image))).toEqual([true])
})

it('nothing is painted unseen that is to be looked at', async () => {
  await expect(generate(model, { ...request, safety: { policy: 'flag', checker } })).rejects.toMatchObject({
    code: 'not_supported',
  })
})

it('scores count from half a thousandth on, and sooner beside what is special', () => {
  const summary = Float32Array.of(1, 0)
  const at = (...thresholds: number[]) => ({
    embeddings: Float32Array.from(thresholds.flatMap(() => [2, 0])),
    thresholds: Float32Array.from(thresholds),
  })
  const never = at(2)
  expect([0.9996, 0.9994].map((one) => isUnsafe(summary, at(one), never))).toEqual([false, true])
  expect(isUnsafe(summary, at(1.009), never)).toBe(false)
  expect(isUnsafe(summary, at(1.009), at(0.5))).toBe(true)
})
