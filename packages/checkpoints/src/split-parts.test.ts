import { describe, expect, it } from 'vitest'
import { splitParts } from './split-parts.ts'
import { asRead, goldenNames, ldmTensors, tinyFamilies } from './testing/tiny-checkpoints.ts'
import type { Tensor } from './weights.ts'

describe.each(tinyFamilies)('a single file of %s', (family) => {
  const stored = asRead(ldmTensors(family))
  const golden = goldenNames(family)
  const { weights, unknown } = splitParts(stored)

  it('has the parts and names that diffusers finds in it', () => {
    expect(Object.keys(weights).sort()).toEqual(Object.keys(golden.parts).sort())
    for (const [part, names] of Object.entries(golden.parts)) {
      const own = weights[part as keyof typeof weights]
      expect([...(own?.keys() ?? [])].sort()).toEqual(Object.keys(names).sort())
    }
    expect(unknown).toEqual([])
  })

  it('has each weight where diffusers takes it from', () => {
    for (const [part, names] of Object.entries(golden.parts)) {
      const own = weights[part as keyof typeof weights] ?? new Map()
      for (const [name, [source, third, transposed]] of Object.entries(names)) {
        const from = stored.get(source) as Tensor
        const length = source.includes('.in_proj_') ? from.length / 3 : from.length
        const expected = { file: from.file, length, offset: from.offset + third * length, transposed }
        const { file, offset, length: found, transposed: isTransposed = false } = own.get(name)
        expect({ file, offset, length: found, transposed: isTransposed }, name).toEqual(expected)
      }
    }
  })

  it('has no weight twice, and shapes that fill their bytes', () => {
    for (const tensor of Object.values(weights).flatMap((own) => [...own.values()])) {
      expect(4 * tensor.shape.reduce((product, dim) => product * dim, 1)).toBe(tensor.length)
    }
  })
})

describe('a single file', () => {
  const stored = asRead(ldmTensors('sd1'))
  const prefix = 'cond_stage_model.transformer.'

  it("may leave out CLIP's text_model in names", () => {
    const bare = new Map([...stored].map(([name, tensor]) => [name.replace(`${prefix}text_model.`, prefix), tensor]))
    expect(splitParts(bare)).toEqual(splitParts(stored))
  })

  it('may be the UNet alone, under its prefix or bare', () => {
    const unet = [...stored].filter(([name]) => name.startsWith('model.diffusion_model.'))
    for (const start of ['model.diffusion_model.', 'diffusion_model.', '']) {
      const alone = new Map(unet.map(([name, tensor]) => [start + name.slice('model.diffusion_model.'.length), tensor]))
      const { weights, unknown } = splitParts(alone)
      expect(Object.keys(weights)).toEqual(['unet'])
      expect(weights.unet).toEqual(splitParts(stored).weights.unet)
      expect(unknown).toEqual([])
    }
  })

  it('names what stands for nothing, and leaves what training left', () => {
    const [[, tensor] = ['', undefined]] = stored
    if (!tensor) throw new Error('empty')
    const added = [
      'model.diffusion_model.input_blocks.1.0.in_layers.7.weight',
      'model.diffusion_model.input_blocks.01.0.in_layers.2.weight',
      'model.diffusion_model.input_blocks.x.constructor.weight',
      'first_stage_model.decoder.up.constructor.block',
      `${prefix}text_model.extra.weight`,
    ]
    const ignored = [
      'alphas_cumprod',
      'model_ema.diffusion_modelout2weight',
      `${prefix}text_model.logit_scale`,
      'v_pred',
    ]
    const { weights, unknown } = splitParts(
      new Map([...stored, ...[...added, ...ignored].map((name) => [name, tensor] as const)]),
    )
    expect(unknown.sort()).toEqual(added.sort())
    expect(weights).toEqual(splitParts(stored).weights)
  })
})
