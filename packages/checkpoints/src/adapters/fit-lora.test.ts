import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { splitParts } from '../split-parts.ts'
import { asRead, ldmTensors, type TinyFamily } from '../testing/tiny-checkpoints.ts'
import { type Stored, writeSafetensors } from '../testing/write-safetensors.ts'
import { fitLora, loraTarget } from './fit-lora.ts'
import { readLora } from './lora.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-fit-'))
afterAll(() => rmSync(dir, { recursive: true }))

const model = (family: TinyFamily) => {
  const { weights } = splitParts(asRead(ldmTensors(family)))
  return loraTarget({ family: { value: family.replace('-inpaint', '') as 'sd1', told: '' }, weights })
}

/** A LoRA of rank 2 for layers of a model, by kohya's names. */
function loraFor(family: TinyFamily, pattern: RegExp): [string, Stored][] {
  const { weights } = model(family)
  return (['unet', 'text_encoder', 'text_encoder_2'] as const).flatMap((part) => {
    const prefix = part === 'unet' ? 'lora_unet_' : part === 'text_encoder' ? 'lora_te1_' : 'lora_te2_'
    return [...(weights[part] ?? [])].flatMap(([name, { shape }]): [string, Stored][] => {
      if (!pattern.test(name) || !name.endsWith('.weight') || shape.length < 2) return []
      const [outputs = 0, ...rest] = shape
      const layer = prefix + name.slice(0, -7).replaceAll('.', '_')
      const kernel = rest.slice(1)
      return [
        [`${layer}.lora_up.weight`, { dtype: 'F16', shape: [outputs, 2, ...kernel.map(() => 1)] }],
        [`${layer}.lora_down.weight`, { dtype: 'F16', shape: [2, ...rest] }],
        [`${layer}.alpha`, { dtype: 'F32', shape: [] }],
      ]
    })
  })
}

let count = 0
async function read(tensors: Iterable<[string, Stored]>, metadata?: Record<string, string>) {
  const path = join(dir, `${count++}.safetensors`)
  await writeSafetensors(path, tensors, metadata)
  return readLora(path)
}
const attention = /attentions|self_attn/

describe('a LoRA', () => {
  it.each(['sd1', 'sd2', 'sdxl'] as const)('for %s fits it, and its family is told', async (family) => {
    const lora = await read(loraFor(family, attention))
    const fit = fitLora(lora, model(family))
    expect([fit.matched, fit.unmatched]).toEqual([fit.layers, []])
    expect(fit.matched).toBeGreaterThan(10)
    // Reduced widths tell SD 2.x from 1.x by nothing but the projections, which are no convolutions.
    if (family !== 'sd2') expect(lora.family?.value).toBe(family)
  })

  it.each([
    ['sdxl', 'sd1', /^It was made for SDXL \(it has ".*"\), and this model is SD 1\.x\.$/],
    ['sd1', 'sdxl', /^It was made for SD 1\.x \(its projections are convolutions\), and this model is SDXL\.$/],
    ['sd1', 'sd2', /^It was made for SD 1\.x .*, and this model is SD 2\.x\.$/],
  ] as const)('for %s is refused by %s with both names', async (from, to, message) => {
    const lora = await read(loraFor(from, attention))
    expect(() => fitLora(lora, model(to))).toThrow(message)
  })

  it("says how many of its layers are nobody's, and the first of them", async () => {
    const strange: [string, Stored][] = ['a', 'b', 'c', 'd'].flatMap((name): [string, Stored][] => [
      [`lora_unet_${name}.lora_up.weight`, { dtype: 'F16', shape: [4, 2] }],
      [`lora_unet_${name}.lora_down.weight`, { dtype: 'F16', shape: [2, 4] }],
    ])
    const none = await read(strange)
    expect(() => fitLora(none, model('sd1'))).toThrow(
      'None of its 4 layers is one of this model\'s. They begin with "lora_unet_a", "lora_unet_b", "lora_unet_c".',
    )
    const some = await read([...loraFor('sd1', /mid_block.*to_q/), ...strange])
    expect(fitLora(some, model('sd1'))).toMatchObject({ matched: 2, layers: 6 })
  })

  it('of another width is refused with the layer and both sizes', async () => {
    const tensors = loraFor('sd1', /mid_block.*attn1.to_q/).map(([name, { dtype, shape }]): [string, Stored] => [
      name,
      { dtype, shape: name.includes('down') ? [2, 24] : shape },
    ])
    const lora = await read(tensors)
    expect(() => fitLora(lora, model('sd1'))).toThrow(
      /for "lora_unet_mid_block.*" it has \d+×24 where \d+×\d+ belongs\.$/,
    )
  })

  it('that was trained on 4 channels fits the first layer of an inpainting model', async () => {
    const lora = await read([
      ['lora_unet_conv_in.lora_up.weight', { dtype: 'F16', shape: [32, 2, 1, 1] }],
      ['lora_unet_conv_in.lora_down.weight', { dtype: 'F16', shape: [2, 4, 3, 3] }],
    ])
    expect(fitLora(lora, model('sd1-inpaint')).matched).toBe(1)
  })

  it.each([
    ['OFT', 'oft_unet_mid_block.oft_blocks'],
    ['GLoRA', 'lora_unet_mid_block.a1.weight'],
    ['IA³', 'lora_unet_mid_block.on_input'],
  ])('of the kind %s is refused by name', async (kind, name) => {
    const tensors: [string, Stored][] = [
      [name, { dtype: 'F16', shape: [2, 2] }],
      ['x.alpha', { dtype: 'F16', shape: [] }],
    ]
    await expect(read(tensors)).rejects.toThrow(`It is of the kind ${kind}, which is not supported.`)
  })

  it('for another architecture is told by its names', async () => {
    const lora = await read([
      ['transformer.double_blocks.0.img_attn.lora_A.weight', { dtype: 'F16', shape: [2, 4] }],
      ['transformer.double_blocks.0.img_attn.lora_B.weight', { dtype: 'F16', shape: [4, 2] }],
    ])
    expect(() => fitLora(lora, model('sdxl'))).toThrow(/^It was made for Flux \(it has .*and this model is SDXL\.$/)
  })
})
