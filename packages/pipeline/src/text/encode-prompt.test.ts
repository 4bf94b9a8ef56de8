import { afterAll, describe, expect, test } from 'vitest'
import { families } from '../folder/families.ts'
import { type LoadedModel, loadModel } from '../load-model.ts'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { type Conditioning, encodePrompt, type PromptOptions, zeroConditioning } from './encode-prompt.ts'
import { encodeChunk } from './text-encoder.ts'

const options = { device: 'cpu', threads: 1 } as const
const sd1 = (await loadModel(fixtureModel('tiny-sd1'), options)) as LoadedModel
const sdxl = (await loadModel(fixtureModel('tiny-sdxl'), options)) as LoadedModel
afterAll(() => Promise.all([sd1.dispose(), sdxl.dispose()]))

const encode = async (prompt: string, change: Partial<PromptOptions> = {}): Promise<Conditioning> =>
  (
    await encodePrompt(prompt, sd1.textEncoders, {
      semantics: 'a1111',
      clipSkip: 1,
      layer: families.sd1.text.layer,
      ...change,
    })
  ).conditioning
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('a1111', () => {
  test('long prompts are several chunks side by side, each encoded by itself', async () => {
    const one = await encode('red apple')
    const two = await encode('red apple BREAK green leaf')
    expect([one.tokens, two.tokens]).toEqual([77, 154])
    expect(two.context.subarray(0, one.context.length)).toEqual(one.context)
    expect(two.context.subarray(one.context.length)).toEqual((await encode('green leaf')).context)
  })

  test('emphasis changes a token and keeps the mean', async () => {
    const plain = await encode('a red apple')
    const strong = await encode('a (red:1.8) apple')
    expect(strong.context).not.toEqual(plain.context)
    expect(mean(strong.context)).toBeCloseTo(mean(plain.context), 6)
    expect(strong.context).not.toEqual((await encode('a (red:1.2) apple')).context)
  })

  test.each([
    '(a red apple:0)',
    '(a red apple:-10)',
    '(a red apple:10)',
    `(${'a red apple, '.repeat(18)}:0)`,
    `${'['.repeat(900)}a red apple`,
    'a (red:-10) (apple:10) BREAK [[[[[[leaf]]]]]]',
  ])('weights as strong as are taken leave numbers that float16 holds: %.30s', async (prompt) => {
    const { context } = await encode(prompt)
    // These models' numbers are a tenth of those of CLIP.
    expect(Math.max(...context.map(Math.abs))).toBeLessThan(6550)
  })

  test('weights that cancel each other out are refused, for whom the request is at fault', async () => {
    const plain = await encode('a red apple')
    const words = sd1.textEncoders[0].tokenizer.encode('a red apple').length
    const sum = (from: number, to: number): number =>
      plain.context.subarray(from * plain.width, to * plain.width).reduce((total, value) => total + value, 0)
    const cancelling = 1 - sum(0, 77) / sum(1, 1 + words)
    await expect(encode(`(a red apple:${cancelling.toFixed(7)})`)).rejects.toMatchObject({
      code: 'not_supported',
      message: expect.stringMatching(/^The weights of the prompt cancel each other out.* Take weights nearer to 1\.$/),
    })
  })

  test('clip skip reads earlier layers through the final norm', async () => {
    const layers = await Promise.all([1, 2, 3].map((clipSkip) => encode('a red apple', { clipSkip })))
    expect(new Set(layers.map(({ context }) => context.join())).size).toBe(3)
    await expect(encode('a red apple', { clipSkip: 12 })).rejects.toMatchObject({ code: 'not_supported' })
  })
})

test('the last layer through the final norm is what the export calls its last hidden state', async () => {
  const [encoder] = sd1.textEncoders
  const ids = [encoder.tokenizer.begin, ...Array<number>(76).fill(encoder.tokenizer.end)]
  const last = await encodeChunk(encoder, { ids, overrides: [] }, { kind: 'last' })
  const own = await encodeChunk(encoder, { ids, overrides: [] }, { kind: 'normalised', fromEnd: 1 })
  own.hidden.forEach((value, i) => {
    expect(value).toBeCloseTo(last.hidden[i], 5)
  })
})

test('diffusers cuts after 75 tokens and says how many it left out', async () => {
  const { conditioning, truncated } = await encodePrompt('x, '.repeat(50), sd1.textEncoders, {
    semantics: 'diffusers',
    clipSkip: 1,
    layer: families.sd1.text.layer,
  })
  expect([conditioning.tokens, truncated]).toEqual([77, 25])
})

test("SDXL puts both encoders' vectors side by side and pools the second", async () => {
  const xl = { semantics: 'a1111', clipSkip: 1, layer: families.sdxl.text.layer } as const
  const { conditioning } = await encodePrompt('a red apple', sdxl.textEncoders, xl)
  expect([conditioning.tokens, conditioning.width, conditioning.pooled?.length]).toEqual([77, 64, 32])
  const nothing = zeroConditioning(conditioning)
  expect([nothing.tokens, nothing.width, nothing.pooled?.length]).toEqual([77, 64, 32])
  expect([...nothing.context, ...(nothing.pooled ?? [1])].every((value) => value === 0)).toBe(true)
})
