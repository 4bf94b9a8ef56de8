import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlNetTensors, imageEncoderShapes, ipAdapterShapes, unionTensors } from '@pentimento/checkpoints/testing'
import { adapterEntry, whyUnfit } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { refKey } from '../engine/protocol.ts'
import { modelFor } from '../generate/model-for.ts'
import { checkpointShapes, writeZeros } from '../testing/zero-weights.ts'
import { findAdapters } from './find-adapters.ts'

let dir: string
let warnings: string[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-adapters-'))
  await mkdir(join(dir, 'loras/people'), { recursive: true })
  warnings = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const find = (ids: string[] = [], layout = 'file') =>
  findAdapters(
    dir,
    ids.map((id) => ({ id, path: join(dir, `${id}.safetensors`), layout })),
    (message) => warnings.push(message),
  )

/** For the second projection of the middle's attention. */
const layer = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q'
const lora = (width: number, name = layer) => ({
  [`${name}.lora_up.weight`]: [width, 2],
  [`${name}.lora_down.weight`]: [2, width],
})

it('finds LoRAs in folders of any depth, and says which go with which model', async () => {
  const shapes = checkpointShapes('sd1')
  const [width = 0] = shapes['model.diffusion_model.middle_block.1.transformer_blocks.0.attn1.to_q.weight'] ?? []
  await writeZeros(join(dir, 'mine.safetensors'), shapes)
  await writeZeros(join(dir, 'loras/good.safetensors'), lora(width))
  await writeZeros(join(dir, 'loras/people/narrow.safetensors'), lora(width - 4))
  await writeZeros(join(dir, 'loras/people/xl.safetensors'), lora(8, 'lora_te2_text_model_encoder_layers_0_mlp_fc1'))
  await symlink(join(dir, 'loras/good.safetensors'), join(dir, 'loras/linked.safetensors'))
  const { entries, loras } = await find(['mine'])
  expect(entries.map((entry) => adapterEntry.parse(entry))).toMatchObject([
    { kind: 'lora', name: 'good', alias: null, family: null, unfit: {} },
    { name: 'linked', unfit: {} },
    {
      name: 'narrow',
      unfit: { mine: expect.stringMatching(/^narrow: It was made for another model: for "lora_unet_mid/) },
    },
    { name: 'xl', family: 'sdxl', unfit: {} },
  ])
  expect(loras.get('narrow')).toBe(join(dir, 'loras/people/narrow.safetensors'))
  const model = { id: 'mine', family: 'sd1', layout: 'file' as const }
  expect(entries.map((entry) => whyUnfit(entry, model))).toEqual([
    null,
    null,
    expect.stringMatching(/^narrow: /),
    'xl was made for SDXL, and this model is SD 1.x',
  ])
  expect(warnings).toEqual([])
})

it('holds embeddings to the text encoders of every model', async () => {
  await mkdir(join(dir, 'embeddings'))
  for (const family of ['sd1', 'sdxl']) await writeZeros(join(dir, `${family}.safetensors`), checkpointShapes(family))
  await writeZeros(join(dir, 'embeddings/bad-hands.safetensors'), { emb_params: [3, 48] })
  await writeZeros(join(dir, 'embeddings/pair.safetensors'), { clip_l: [2, 48], clip_g: [2, 80] })
  await writeZeros(join(dir, 'embeddings/wide.safetensors'), { '<wide>': [64] })
  const takers = ['sd1', 'sdxl'].map((id) => ({ id, path: join(dir, `${id}.safetensors`), layout: 'file' }))
  const found = await findAdapters(dir, [...takers, { id: 'folder', path: '', layout: 'onnx' }], () => {})
  expect([...found.embeddings.keys()]).toEqual(['bad-hands', 'pair', 'wide'])
  expect(found.entries.map(({ name, unfit }) => [name, Object.keys(unfit)])).toMatchObject([
    ['bad-hands', expect.arrayContaining(['sdxl', 'folder'])],
    ['pair', expect.arrayContaining(['sd1', 'folder'])],
    ['wide', expect.arrayContaining(['sd1', 'sdxl', 'folder'])],
  ])
  expect(found.entries.map(({ unfit }) => Object.keys(unfit).length)).toEqual([2, 2, 3])
  expect(found.entries[2]?.unfit.sd1).toBe("wide: It has 64 numbers a vector, and this model's text encoder takes 48.")
})

it('finds what LoRAs bring along, and holds it to every model', async () => {
  const shapes = checkpointShapes('sd1')
  await writeZeros(join(dir, 'sd1.safetensors'), shapes)
  const [width = 0] = shapes['model.diffusion_model.middle_block.1.transformer_blocks.0.attn1.to_q.weight'] ?? []
  const withWord = (numbers: number) => ({ ...lora(width), 'bundle_emb.sks.string_to_param.*': [2, numbers] })
  await writeZeros(join(dir, 'loras/fit.safetensors'), withWord(48))
  await writeZeros(join(dir, 'loras/wide.safetensors'), withWord(64))
  await writeZeros(join(dir, 'loras/spoiled.safetensors'), { ...lora(width), 'bundle_emb.sks.clip_l': [2, 48, 1] })
  const { entries, bundled } = await find(['sd1'])
  expect(bundled).toEqual(
    new Map([
      ['fit', ['sks']],
      ['wide', ['sks']],
    ]),
  )
  expect(entries.map(({ unfit }) => unfit)).toEqual([
    {},
    { sd1: "wide: It has 64 numbers a vector, and this model's text encoder takes 48." },
  ])
  expect(warnings).toEqual([
    'the LoRA "spoiled" is left out: The embedding "sks" in it is none: It has 2×48×1 of F16 where vectors belong.',
  ])
})

it('finds ControlNets, and says what a union of them tells apart', async () => {
  await mkdir(join(dir, 'controlnet'))
  const files = { plain: controlNetTensors('sd1'), pro: unionTensors('sd1', 8), union: unionTensors('sd1') }
  for (const [name, tensors] of Object.entries(files)) {
    const shapes = [...tensors].map(([tensor, { shape }]) => [tensor, [...shape]])
    await writeZeros(join(dir, `controlnet/${name}.safetensors`), Object.fromEntries(shapes))
  }
  const entry = { kind: 'controlnet', alias: null, family: 'sd1', unfit: {} }
  const six = ['openpose', 'depth', 'scribble', 'lineart', 'normal', 'segment']
  expect((await find()).entries.map((found) => adapterEntry.parse(found))).toEqual([
    { ...entry, name: 'plain' },
    { ...entry, name: 'pro', control_types: [...six, 'tile', 'inpaint'] },
    { ...entry, name: 'union', control_types: six },
  ])
})

it('finds IP-Adapters, each with the encoder that it reads, and holds them to every model', async () => {
  const shapes = checkpointShapes('sd1')
  await writeZeros(join(dir, 'sd1.safetensors'), shapes)
  const ends = 'attn2.to_k.weight'
  const crossed = ['input', 'output', 'middle'].flatMap((part) =>
    Object.entries(shapes)
      .filter(([name]) => name.startsWith(`model.diffusion_model.${part}`) && name.endsWith(ends))
      .map(([, [width = 0]]) => width),
  )
  const [, context = 0] = shapes[Object.keys(shapes).find((name) => name.endsWith(ends)) ?? ''] ?? []
  await mkdir(join(dir, 'ip-adapter'))
  await mkdir(join(dir, 'image-encoder/vit'), { recursive: true })
  await writeZeros(join(dir, 'ip-adapter/fit.safetensors'), ipAdapterShapes('plain', { context, widths: crossed }))
  await writeZeros(join(dir, 'ip-adapter/xl.safetensors'), ipAdapterShapes('plus', { context: 2048, reads: 40 }))
  await writeZeros(
    join(dir, 'ip-adapter/blind.safetensors'),
    ipAdapterShapes('plus', { context, widths: crossed, reads: 1280 }),
  )
  const encoder = join(dir, 'image-encoder/vit/model.safetensors')
  await writeZeros(encoder, imageEncoderShapes({ width: 40, projected: 40 }))
  const { entries, references } = await find(['sd1'])
  expect(warnings).toEqual([])
  expect(entries.map((entry) => adapterEntry.parse(entry))).toMatchObject([
    {
      kind: 'ip-adapter',
      name: 'blind',
      unfit: { sd1: expect.stringMatching(/\(CLIP ViT-H\/14\), and image-encoder/) },
    },
    { name: 'fit', unfit: {} },
    { name: 'xl', family: 'sdxl', unfit: { sd1: expect.stringMatching(/made for SDXL.*this model, SD 1\.x/) } },
  ])
  expect([...references.keys()]).toEqual(['fit', 'xl'])
  expect(references.get('fit')).toMatchObject({ path: join(dir, 'ip-adapter/fit.safetensors'), encoder })
  const ref = { id: 'sd1', dir: '/sd1', bytes: 10 }
  const asked = { loras: [], reference_model: 'fit', reference_scale: 0.5 }
  const found = await find(['sd1'])
  const model = modelFor(ref, asked, found)
  expect(model.reference).toMatchObject({ name: 'fit', encoder })
  expect(model.bytes).toBe(10 + (references.get('fit')?.bytes ?? 0))
  expect(refKey(model)).not.toBe(refKey(ref))
  expect(modelFor(ref, { ...asked, reference_scale: 0 }, found)).toBe(ref)
  expect(() => modelFor(ref, { ...asked, reference_model: 'gone' }, found)).toThrow('has no IP-Adapter "gone"')
})

it('passes over what is none, with the reason, and reads no model without need', async () => {
  await writeFile(join(dir, 'loras/old.pt'), 'PK\u0003\u0004')
  await writeFile(join(dir, 'loras/page.safetensors'), '<!DOCTYPE html>')
  await writeZeros(join(dir, 'loras/vae.safetensors'), { 'decoder.conv_in.weight': [1], 'a.b': [1], 'c.d': [1] })
  await writeFile(join(dir, 'loras/readme.txt'), 'no LoRA')
  expect((await find(['onnx-folder'], 'onnx')).entries).toEqual([])
  expect(warnings).toEqual([
    expect.stringMatching(/^the LoRA "old\.pt" is left out: It is a PyTorch file/),
    expect.stringMatching(/^the LoRA "page" is left out: It is a web page/),
    expect.stringMatching(/^the LoRA "vae" is left out: It is a VAE .*, and no LoRA\.$/),
  ])
  await rm(join(dir, 'loras'), { recursive: true })
  expect(await find(['not-there'])).toEqual({
    entries: [],
    loras: new Map(),
    embeddings: new Map(),
    upscalers: new Map(),
    references: new Map(),
    controls: new Map(),
    safetyChecker: null,
    bundled: new Map(),
  })
})

it('takes the first of two with one name, and says so', async () => {
  await writeZeros(join(dir, 'loras/twice.safetensors'), lora(8))
  await writeZeros(join(dir, 'loras/people/twice.safetensors'), lora(8))
  const { entries, loras } = await find()
  expect([entries.length, loras.get('twice')]).toEqual([1, join(dir, 'loras/people/twice.safetensors')])
  expect(warnings).toEqual([expect.stringMatching(/^the LoRA "twice" is there twice/)])
})
