import { describe, expect, test } from 'vitest'
import { families } from '../folder/families.ts'
import { type InpaintChange, pipelineCases, plainInpaint, plainRequest, withChange } from '../parity/pipeline-cases.ts'
import type { GrayImage, MaskedContent, RgbImage } from '../request.ts'
import { workingMask } from './working-mask.ts'
import { type WorkingPicture, workingPicture } from './working-picture.ts'

const { latents } = families.sd1
const stored = pipelineCases('pipelines', {})
const large = stored.picture('large')
const request = plainInpaint(large, stored.mask('small'), { width: 64, height: 64 })
const masked = (change: InpaintChange): WorkingPicture => {
  const other = withChange(request, change)
  return workingPicture(other, workingMask(other), latents)
}
const flat = (width: number, height: number, value: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
})
const pixel = ({ width, data }: RgbImage, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
]

test('img2img has no mask and leaves a result as it is', () => {
  const { image, mask, finish } = workingPicture(
    { ...plainRequest, image: large, width: 64, height: 64 },
    null,
    latents,
  )
  expect([image.width, image.height, mask]).toEqual([64, 64, null])
  const result = flat(64, 64, 9)
  expect(finish(result)).toBe(result)
})

test('resize mode latent keeps the size of the picture, in eights', () => {
  const odd = stored.picture('odd')
  const { image } = workingPicture({ ...plainRequest, image: odd, resizeMode: 'latent' }, null, latents)
  expect([odd.width, odd.height, image.width, image.height]).toEqual([101, 67, 96, 64])
})

describe('the mask', () => {
  const bright = (mask: GrayImage | null): number => mask?.data.reduce((sum, value) => sum + value, 0) ?? 0

  test('of any size is brought to the picture', () => {
    const half: GrayImage = { width: 2, height: 1, data: Uint8Array.of(0, 255) }
    const { mask } = masked({ mask: half })
    expect(mask?.data.length).toBe(64 * 64)
    expect([mask?.data[0], mask?.data[63]]).toEqual([0, 255])
  })

  test('grows and blurs before it is resized', () => {
    const plain = bright(masked({}).mask)
    expect(bright(masked({ maskGrow: 4 }).mask)).toBeGreaterThan(plain * 1.3)
    const blurred = masked({ maskBlur: 6 }).mask
    expect(blurred?.data.some((value) => value > 0 && value < 255)).toBe(true)
  })
})

describe('the masked area', () => {
  const area = { inpaintArea: 'masked', maskPadding: 4 } as const

  test('is worked on enlarged and comes back at the size of the picture', () => {
    const { image, mask, finish } = masked(area)
    expect([image.width, mask?.width]).toEqual([64, 64])
    const finished = finish(flat(64, 64, 7))
    expect([finished.width, finished.height]).toEqual([large.width, large.height])
    expect(pixel(finished, 0, 0)).toEqual(pixel(large, 0, 0))
    expect(pixel(finished, 60, 50)).toEqual([7, 7, 7])
  })

  test('keeps the original outside the mask, or with composite off only outside the box', () => {
    const changed = (finished: RgbImage): number =>
      finished.data.reduce((count, value, i) => count + Number(value !== large.data[i]), 0)
    const inMask = changed(masked(area).finish(flat(64, 64, 7)))
    const inBox = changed(masked({ ...area, composite: false }).finish(flat(64, 64, 7)))
    expect(inBox).toBeGreaterThan(inMask * 1.3)
  })
})

test('every content but the original paints over the masked part with its surroundings', () => {
  const image = flat(64, 64, 200)
  const hole: GrayImage = { width: 64, height: 64, data: new Uint8Array(64 * 64) }
  for (let y = 20; y < 40; y++) {
    image.data.fill(10, (y * 64 + 20) * 3, (y * 64 + 40) * 3)
    hole.data.fill(255, y * 64 + 20, y * 64 + 40)
  }
  const middle = (maskedContent: MaskedContent): number[] =>
    pixel(masked({ image, mask: hole, maskedContent }).image, 30, 30)
  expect(middle('original')).toEqual([10, 10, 10])
  for (const content of ['fill', 'noise', 'empty'] as const) expect(middle(content)[0]).toBeGreaterThan(190)
})
