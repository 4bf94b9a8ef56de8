import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type InpaintChange, plainInpaint, withChange } from '../parity/pipeline-cases.ts'
import type { GrayImage, RgbImage } from '../request.ts'
import { type Run, repaintedLatents } from './repainted-latents.ts'

const space = { channels: 4, factor: 8, scale: 1, shift: 0, previews: { factors: [], bias: [] } }
const picture = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3),
})

/** A mask with one marked rectangle. */
function marked(
  frame: { width: number; height: number },
  x: number,
  y: number,
  width: number,
  height = width,
  value = 255,
): GrayImage {
  const mask = { width: frame.width, height: frame.height, data: new Uint8Array(frame.width * frame.height) }
  for (let row = y; row < y + height; row++) mask.data.fill(value, row * frame.width + x, row * frame.width + x + width)
  return mask
}

const photo = picture(512, 512)
const base = plainInpaint(photo, marked(photo, 262, 262, 20), { width: 64, height: 64, maskBlur: 4 })

/** The message of the refusal, or how many latents are repainted. */
function outcome(change: InpaintChange, run: Run | null = null): string | number {
  try {
    return repaintedLatents(withChange(base, change), space, run).latents.reduce(
      (sum, value) => sum + Number(value > 0),
      0,
    )
  } catch (error) {
    expect(error).toMatchObject({ code: 'empty_mask' })
    return (error as Error).message
  }
}

describe('a mask of which the sampler gets nothing', () => {
  test('is refused with the size that it takes and the way out', () => {
    expect(outcome({})).toBe(
      'The mask repaints nothing: too little of it is left at 64 × 64, where 8 × 8 pixels change as one. ' +
        'Mark at least 140 × 140 pixels of the 512 × 512 picture in one piece, or send inpaint_area=masked.',
    )
    expect(outcome({ mask: marked(photo, 262, 262, 140) })).toBeGreaterThan(0)
    expect(outcome({ inpaintArea: 'masked' })).toBeGreaterThan(0)
    expect(outcome({ width: 512, height: 512 })).toBeGreaterThan(0)
  })

  test.each<[string, InpaintChange]>([
    ['a line', { mask: marked(photo, 0, 300, 512, 1) }],
    [
      'many dots',
      { mask: { ...photo, data: Uint8Array.from({ length: 512 * 512 }, (_, i) => (i % 97 === 5 ? 255 : 0)) } },
    ],
    ['under diffusers, where no dot is looked at', { semantics: 'diffusers', maskBlur: 0 }],
    ['a blur that thins it', { width: 512, height: 512, maskBlur: 64 }],
    ['with other content', { maskedContent: 'noise' }],
    ['stretched', { width: 512, height: 64 }],
    ['fitted with stripes', { width: 64, height: 512, resizeMode: 'fill' }],
    ['at the working size of a picture far larger', { resizeMode: 'latent' }],
  ])('%s', (_, change) => {
    expect(outcome(change)).toContain('too little of it is left')
  })

  test('is refused in words that tell why', () => {
    expect(outcome({ mask: marked(photo, 0, 0, 0) })).toContain('no pixel of it is marked')
    expect(outcome({ mask: marked(photo, 0, 0, 0), inpaintArea: 'masked' })).toContain('no pixel of it is marked')
    expect(outcome({ mask: marked(photo, 0, 0, 512, 512, 100) })).toContain('its strongest pixel is 100 of 255')
    const left = {
      image: picture(1024, 256),
      mask: marked({ width: 1024, height: 256 }, 0, 0, 200),
      resizeMode: 'crop',
    } as const
    expect(outcome(left)).toContain('resize_mode=crop cuts off what it marks')
    expect(outcome({ ...left, resizeMode: 'fill' })).toBeGreaterThan(0)
    const dotInView = { ...left, mask: marked({ width: 1024, height: 256 }, 500, 100, 4) }
    expect(outcome(dotInView)).toContain('pixels of what resize_mode=crop keeps of the 1024 × 256 picture')
    expect(outcome({ width: 512, height: 512, maskBlur: 64 })).toContain('or lower mask_blur')
    const dot = { mask: marked(photo, 300, 300, 1), inpaintArea: 'masked' } as const
    expect(outcome({ ...dot, maskPadding: 0 })).toContain('in one piece, or lower mask_blur.')
    expect(outcome({ ...dot, maskBlur: 0, maskPadding: 256 })).toContain('in one piece, or lower mask_padding.')
  })
})

test('a soft mask is judged by the steps that are run', () => {
  const grey = { soft: true, mask: marked(photo, 0, 0, 512, 512, 100) }
  const run = (...sigmas: number[]): Run => ({ sigmas: Float64Array.from(sigmas), timestep: (sigma) => sigma * 100 })
  expect(outcome(grey, run(10, 5, 3, 0))).toBeGreaterThan(0)
  expect(outcome(grey, run(10, 5, 0))).toContain('too faint for any of the steps')
  expect(outcome(grey, run(10, 0))).toContain('mark it stronger')
  expect(outcome({ ...grey, mask: marked(photo, 0, 0, 512) }, run(10, 0))).toBeGreaterThan(0)
})

test('a spot as large as the refusal asks for repaints something, wherever it lies', () => {
  const side = fc.integer({ min: 64, max: 400 })
  const working = fc.constantFrom(64, 96, 128)
  const changes = fc.record({
    width: working,
    height: working,
    semantics: fc.constantFrom('a1111', 'diffusers'),
    resizeMode: fc.constantFrom('stretch', 'crop', 'fill', 'latent'),
    inpaintArea: fc.constantFrom('whole', 'masked'),
    maskBlur: fc.constantFrom(0, 4, 17, 64),
    maskGrow: fc.constantFrom(0, 0, 3),
    maskPadding: fc.constantFrom(0, 32, 256),
  })
  const place = fc.double({ min: 0, max: 1, noNaN: true })
  let told = 0
  fc.assert(
    fc.property(side, side, changes, place, place, (width, height, change, x, y) => {
      const image = picture(width, height)
      // `crop` always keeps the middle.
      const isCut = change.resizeMode === 'crop' && change.inpaintArea === 'whole'
      const at = (spot: number, whole: number, where: number): number =>
        Math.floor((whole - spot) * (isCut ? 0.5 : where))
      const first = outcome({ ...change, image, mask: marked(image, at(1, width, x), at(1, height, y), 1) })
      const asked = /at least (\d+) × (\d+) pixels/.exec(String(first))
      if (!asked) return
      told++
      const [wide, high] = [Number(asked[1]), Number(asked[2])]
      const mask = marked(image, at(wide, width, x), at(high, height, y), wide, high)
      expect(outcome({ ...change, image, mask })).toBeGreaterThan(0)
    }),
    { numRuns: 40 },
  )
  expect(told).toBeGreaterThan(15)
})
