import { describe, expect, it } from 'vitest'
import type { AdapterEntry } from './catalog.ts'
import { fallbackDefaults } from './catalog.ts'
import { img2imgFields } from './fields.ts'
import { resolveParameters } from './resolve.ts'

const lora = (name: string, change: Partial<AdapterEntry> = {}): AdapterEntry => ({
  kind: 'lora',
  name,
  alias: null,
  family: 'sd1',
  unfit: {},
  ...change,
})
const adapters = [
  lora('detail', { alias: 'more_details' }),
  lora('style', { family: null }),
  lora('xl', { family: 'sdxl' }),
  lora('odd', { unfit: { mine: "odd: None of its 3 layers is one of this model's." } }),
]
const model = {
  id: 'mine',
  layout: 'file' as const,
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: fallbackDefaults,
  unsupported: [],
  adapters: adapters as readonly AdapterEntry[] | null,
}
function resolve(fields: Record<string, unknown>, change: Partial<typeof model> = {}) {
  const parsed = img2imgFields.parse({ prompt: 'a cat', ...fields })
  return resolveParameters(parsed, { ...model, ...change } as never, { width: 512, height: 512 })
}
const parametersOf = (fields: Record<string, unknown>) => {
  const resolved = resolve(fields)
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues))
  return resolved.parameters
}

describe('loras', () => {
  it('of field and prompt come to one list, sorted, and the tags leave the prompt', () => {
    const field = JSON.stringify([{ name: 'style' }, { name: 'more_details', weight: -0.5, text_weight: 0 }])
    expect(parametersOf({ loras: field })).toMatchObject({
      prompt: 'a cat',
      loras: [
        { name: 'detail', weight: -0.5, text_weight: 0 },
        { name: 'style', weight: 1, text_weight: 1 },
      ],
    })
    const tagged = parametersOf({ prompt: 'a cat <lora:style:0.5:0.7>', loras: '[{"name":"detail","weight":2}]' })
    expect(tagged).toMatchObject({
      prompt: 'a cat ',
      loras: [
        { name: 'detail', weight: 2, text_weight: 2 },
        { name: 'style', weight: 0.7, text_weight: 0.5 },
      ],
    })
    // What is shown can be sent again.
    expect(parametersOf({ prompt: tagged.prompt, loras: JSON.stringify(tagged.loras) })).toMatchObject({
      loras: tagged.loras,
    })
    expect(parametersOf({}).loras).toEqual([])
  })

  it('are text under diffusers, which knows no such tags', () => {
    expect(parametersOf({ prompt: '<lora:style:1>', semantics: 'diffusers' })).toMatchObject({
      prompt: '<lora:style:1>',
      loras: [],
    })
  })

  it.each([
    [{ loras: '[{"name":"nobody"}]' }, {}, 'unknown_lora', '/loras', /no LoRA "nobody"; known: detail, style$/],
    [{ prompt: '<lora:nobody:1>' }, {}, 'unknown_lora', '/prompt', /no LoRA "nobody"/],
    [{ loras: '[{"name":"xl"}]' }, {}, 'not_supported', '/loras', 'xl was made for SDXL, and this model is SD 1.x'],
    [{ loras: '[{"name":"odd"}]' }, {}, 'not_supported', '/loras', /^odd: None of its 3 layers/],
    [{ loras: '[{"name":"style"},{"name":"style"}]' }, {}, 'invalid_fields', '/loras', /named twice/],
    [{ prompt: '<lora:style>', loras: '[{"name":"style"}]' }, {}, 'invalid_fields', '/prompt', /named twice/],
    [{ prompt: '<lora:style:x>' }, {}, 'invalid_fields', '/prompt', /are to be numbers/],
    [
      { negative_prompt: '<lora:style:1>' },
      {},
      'not_supported',
      '/negative_prompt',
      /<lora:…> here is not supported: name it in the prompt/,
    ],
    [{ loras: '[{"name":"style"}]' }, { layout: 'onnx' }, 'not_supported', '/loras', /a folder of ONNX graphs/],
    [{ loras: '[{"name":"style"}]' }, { adapters: null }, 'no_worker', '/loras', /no worker is there/],
    [{ loras: '[{"name":"style"}]' }, { adapters: [] }, 'unknown_lora', '/loras', /this model has none/],
  ])('%j with %j is refused', (fields, change, code, pointer, detail) => {
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(resolve(fields, change as never)).toMatchObject({ ok: false, issues: [{ code, pointer, detail: expected }] })
  })

  it.each([
    ['[{"name":""}]'],
    ['[{"weight":1}]'],
    ['[{"name":"a","weight":11}]'],
    ['[{"name":"a","strength":1}]'],
    ['{"name":"a"}'],
    ['nonsense'],
    [JSON.stringify(Array.from({ length: 9 }, (_, i) => ({ name: `a${i}` })))],
  ])('that make no sense are refused: %s', (loras) => {
    expect(img2imgFields.safeParse({ prompt: '', loras }).success).toBe(false)
  })

  it('and embeddings that do not go with the model are refused where the prompts name them as words', () => {
    const embedding = { kind: 'embedding' as const, name: 'bad-hands', alias: null, family: null }
    const unfit = { ...embedding, unfit: { mine: 'bad-hands: It has 768 numbers a vector.' } }
    const asked = { negative_prompt: 'blur, Bad-Hands' }
    expect(resolve(asked, { adapters: [unfit] })).toMatchObject({
      issues: [
        {
          code: 'not_supported',
          pointer: '/negative_prompt',
          detail: expect.stringMatching(/^the word bad-hands is an embedding: bad-hands: It has/),
        },
      ],
    })
    expect(resolve(asked, { adapters: [{ ...embedding, unfit: {} }] }).ok).toBe(true)
    expect(resolve({ negative_prompt: 'xbad-handsx' }, { adapters: [unfit] }).ok).toBe(true)
    expect(resolve(asked, { adapters: [{ ...embedding, unfit: {} }], layout: 'onnx' as never })).toMatchObject({
      issues: [{ detail: expect.stringMatching(/folder of ONNX graphs/) }],
    })
  })
})

describe('enlarging', () => {
  const sharp = lora('sharp', { kind: 'upscaler', family: null })
  const withSharp = { adapters: [...adapters, sharp] }

  it('has no effect at its defaults, and shows what it comes to', () => {
    const off = { upscale: 1, upscaler: null, hires_strength: 0, hires_steps: null }
    expect(parametersOf({ upscaler: 'nobody', hires_steps: 9 })).toMatchObject({ ...off, steps_run: 19 })
    const large = resolve({ upscale: '2', upscaler: 'sharp', hires_strength: '0.5', steps: 20 }, withSharp)
    const parameters = { upscale: 2, upscaler: 'sharp', hires_strength: 0.5, hires_steps: 20, steps_run: 16 + 20 }
    expect(large).toMatchObject({ ok: true, parameters })
    expect(resolve({ upscale: 2, upscaler: 'sharp' }, { ...withSharp, layout: 'onnx' as 'file' }).ok).toBe(true)
  })

  it.each([
    [{ upscale: 2, upscaler: 'soft' }, withSharp, 'unknown_upscaler', '/upscaler', /"soft"; known: lanczos, sharp$/],
    [{ upscale: 2, upscaler: 'soft' }, { adapters: null }, 'no_worker', '/upscaler', /no worker is there/],
    [{ upscale: 4, width: 2048, height: 2048 }, {}, 'too_much_work', '/upscale', /at most 16800000 pixels, not 8192/],
    [{ upscale: 4, width: 1024, height: 1024, num_images: 8 }, {}, 'too_much_work', '/upscale', /8 results have/],
    [{ upscale: 3, width: 1024, hires_strength: 0.5 }, {}, 'invalid_fields', '/upscale', /at most 2048 pixels a side/],
    [{ hires_strength: 0.5, semantics: 'diffusers' }, {}, 'not_supported', '/hires_strength', /no second painting/],
    [{ hires_strength: 0.001, hires_steps: 150 }, {}, 'not_supported', '/hires_strength', /for the second painting/],
    [
      { upscale: 1.5, width: 1024, height: 1024, num_images: 8, hires_strength: 0.5, hires_steps: 150 },
      {},
      'too_much_work',
      '/hires_steps',
      /both paintings together/,
    ],
  ])('that cannot be is refused: %j', (fields, change, code, pointer, detail) => {
    const resolved = resolve(fields, change as never)
    const issues = resolved.ok ? [] : resolved.issues
    expect(issues).toContainEqual({ code, pointer, detail: expect.stringMatching(detail) })
  })
})
