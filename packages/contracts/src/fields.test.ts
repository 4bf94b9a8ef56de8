import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { img2imgFields, inpaintFields } from './fields.ts'

const pointers = (result: ReturnType<typeof inpaintFields.safeParse>) =>
  result.error?.issues.map((issue) => issue.path.join('/')) ?? []

describe('img2imgFields', () => {
  it('fills in the defaults', () => {
    expect(img2imgFields.parse({ prompt: '' })).toMatchObject({
      prompt: '',
      negative_prompt: '',
      strength: 0.75,
      seed: -1,
      num_images: 1,
      resize_mode: 'stretch',
      color_correction: false,
      expires_in: 86_400,
      deadline: 3600,
    })
  })

  it('reads text as the type of the field', () => {
    const text = {
      prompt: '7',
      steps: ' 30 ',
      strength: '.5',
      seed: '4294967295',
      embed_metadata: 'false',
      color_correction: 'True',
      metadata: '{"a":[1,null]}',
      webhook_events: 'job.failed, job.succeeded',
    }
    expect(img2imgFields.parse(text)).toMatchObject({
      prompt: '7',
      steps: 30,
      strength: 0.5,
      seed: 4294967295,
      embed_metadata: false,
      color_correction: true,
      metadata: { a: [1, null] },
      webhook_events: ['job.failed', 'job.succeeded'],
    })
  })

  it.each([
    ['steps', ''],
    ['steps', '0'],
    ['steps', '151'],
    ['steps', '2.5'],
    ['steps', '0x10'],
    ['steps', 'Infinity'],
    ['steps', 'NaN'],
    ['strength', '1.01'],
    ['strength', '-0.1'],
    ['width', '100'],
    ['width', '56'],
    ['width', '2056'],
    ['seed', '4294967296'],
    ['seed', '-2'],
    ['color_correction', 'yes'],
    ['color_correction', '1'],
    ['sampler', 'best'],
    ['schedule', 'best'],
    ['metadata', '[1]'],
    ['metadata', '{'],
    ['metadata', JSON.stringify({ text: 'x'.repeat(4096) })],
    ['metadata', `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    ['metadata', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['webhook_events', ''],
    ['webhook_events', 'job.paused'],
    ['webhook_url', 'not a url'],
    ['webhook_url', `https://a.example/${'字'.repeat(300)}`],
    ['image_job', 'job_x'],
    ['prompt', '🍓'.repeat(1501)],
    ['prompt', 'half a character: \ud83c'],
    ['expires_in', '59'],
    ['deadline', '0'],
    ['prompt', 'x'.repeat(2001)],
    ['prompt', 'bell \u0007'],
    ['negative_prompt', '\u0000'],
    ['unheard_of', '1'],
  ])('refuses %s = %j', (name, value) => {
    const result = img2imgFields.safeParse({ prompt: '', [name]: value })
    expect(result.success).toBe(false)
    const [issue] = result.error?.issues ?? []
    expect(issue?.path[0] ?? (issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined)).toBe(name)
  })

  it('counts characters, not UTF-16 units, and takes 2,000 of any script', () => {
    const texts = {
      prompt: '漢'.repeat(2000),
      negative_prompt: '🍓'.repeat(1500),
      metadata: `{"a":${'['.repeat(31)}${']'.repeat(31)}}`,
    }
    expect(img2imgFields.parse(texts).prompt).toHaveLength(2000)
  })

  it('lists the valid names beside an unknown sampler', () => {
    const result = img2imgFields.safeParse({ prompt: '', sampler: 'best' })
    expect(result.error?.issues[0]?.message).toContain('dpmpp_2m')
  })

  it('never throws, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(inpaintFields.shape), 'other'),
          fc.oneof(fc.string(), fc.anything()),
        ),
        (fields) => {
          inpaintFields.safeParse(fields)
          img2imgFields.safeParse(fields)
        },
      ),
    )
  })
})

describe('inpaintFields', () => {
  it('refuses what is out of range, all at once', () => {
    const result = inpaintFields.safeParse({
      prompt: '',
      mask_grow: '129',
      mask_blur: '65',
      mask_padding: '257',
      masked_content: 'nothing',
    })
    expect(pointers(result).sort()).toEqual(['mask_blur', 'mask_grow', 'mask_padding', 'masked_content'])
  })
})
