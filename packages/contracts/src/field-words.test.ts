import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldWords } from './field-words.ts'
import { img2imgFields, inpaintFields } from './fields.ts'

function wordsFor(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value, { error: fieldWords })
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('/')} ${message}`)
}

describe('what is wrong with a field', () => {
  it.each([
    [{ steps: '151' }, 'steps must be at most 150'],
    [{ steps: '0' }, 'steps must be at least 1'],
    [{ steps: '2.5' }, 'steps must be a whole number'],
    [{ steps: 'many' }, 'steps must be a number'],
    [{ strength: 'much' }, 'strength must be a number'],
    [{ width: '100' }, 'width must be a multiple of 8'],
    [{ resize_mode: 'squeeze' }, 'resize_mode must be one of stretch, crop, fill, latent'],
    [{ color_correction: 'yes' }, 'color_correction must be true or false'],
    [{ model: '' }, 'model must have at least 1 character'],
    [{ image_url: 'nowhere' }, 'image_url must be a URL'],
    [{ metadata: '[1]' }, 'metadata must be an object'],
    [{ webhook_events: 'job.done' }, expect.stringMatching(/^webhook_events\/0 must be one of job\./)],
  ])('is said in words: %o', (fields, words) => {
    expect(wordsFor(img2imgFields, { prompt: 'p', ...fields })).toEqual([words])
  })

  it('is said of a field that is not there', () => {
    expect(wordsFor(inpaintFields, {})).toEqual(['prompt is required'])
  })

  it('is said of lists and of open ends', () => {
    expect(wordsFor(z.array(z.string()).max(1), ['a', 'b'])).toEqual([' must have at most 1 entry'])
    expect(wordsFor(z.number().lt(3), 3)).toEqual([' must be less than 3'])
    expect(wordsFor(z.literal('on'), 'off')).toEqual([' must be on'])
  })
})
