import { describe, expect, test } from 'vitest'
import type { TensorInfo } from '../onnx/tensor-info.ts'
import { families } from './families.ts'
import type { JsonObject } from './read-json.ts'
import {
  checkFreeShape,
  checkVae,
  encoderOutput,
  exporterEra,
  isInpaintUnet,
  type Signature,
  sizeMultiple,
  unetSignature,
} from './signature.ts'
import { checkText, textSignature } from './text-signature.ts'

const tensor = (name: string, type: string, shape: (number | string)[]): TensorInfo => ({ name, type, shape })
const sample = tensor('sample', 'float32', ['batch', 4, 'height', 'width'])
const context = tensor('encoder_hidden_states', 'float32', ['batch', 'sequence', 768])
const output = tensor('out_sample', 'float32', ['batch', 4, 'height', 'width'])

const unet = (timestep: TensorInfo, ...others: TensorInfo[]): Signature => ({
  inputs: [sample, timestep, context, ...others],
  outputs: [output],
})
const encoder = (name: string, channels: number | string): Signature => ({
  inputs: [tensor('sample', 'float32', ['batch', 3, 'height', 'width'])],
  outputs: [tensor(name, 'float32', ['batch', channels, 'height', 'width'])],
})
const { latents, text: clip } = families.sd1
const rank0 = tensor('timestep', 'float32', [])
const rank1 = tensor('timestep', 'float32', ['batch'])
const integer = tensor('timestep', 'int64', ['steps'])
const half = tensor('timestep', 'float16', [1])

describe('exporter eras', () => {
  test.each<[string, Signature, Signature, boolean]>([
    ['diffusers', unet(rank1), encoder('latent_sample', 4), false],
    ['optimum-1.6', unet(integer), encoder('latent_sample', 4), false],
    ['optimum-1.23', unet(integer), encoder('latent_parameters', 8), false],
    ['optimum-1.24', unet(rank0), encoder('latent_parameters', 'channels'), false],
    ['olive', unet(half), encoder('latent_sample', 4), false],
    ['olive', unet(rank1), encoder('latent_sample', 4), true],
  ])('%s', (era, one, other, custom) => {
    expect(exporterEra(one, other, latents, custom)).toBe(era)
  })
})

describe("a UNet's inputs", () => {
  test('are told apart by name', () => {
    const pooled = tensor('text_embeds', 'float32', ['batch', 1280])
    const timeIds = tensor('time_ids', 'float32', ['batch', 6])
    const guidance = tensor('timestep_cond', 'float32', ['batch', 256])
    expect(unetSignature(unet(rank0, pooled, timeIds, guidance))).toMatchObject({
      pooled: 'text_embeds',
      timeIds: { name: 'time_ids', count: 6 },
      guidanceEmbedding: { name: 'timestep_cond', size: 256 },
      contextSize: 768,
      contextTokens: null,
      timestepRank: 0,
      channels: 4,
    })
  })

  test("or by shape, where the tracer's names were kept", () => {
    const pooled = tensor('onnx::Concat_4', 'float32', ['batch', 1280])
    const timeIds = tensor('onnx::Shape_5', 'float32', ['batch', 5])
    expect(unetSignature(unet(rank1, pooled, timeIds))).toMatchObject({
      pooled: 'onnx::Concat_4',
      timeIds: { name: 'onnx::Shape_5', count: 5 },
      timestepRank: 1,
    })
  })

  test('an inpaint model has 9 channels; a fixed number of tokens is kept in mind', () => {
    const inputs = [
      tensor('sample', 'float32', ['b', 9, 'h', 'w']),
      rank0,
      tensor('encoder_hidden_states', 'float32', ['b', 77, 768]),
    ]
    expect(unetSignature({ inputs, outputs: [output] })).toMatchObject({ channels: 9, contextTokens: 77 })
  })

  const refusals: [string, Signature, RegExp][] = [
    [
      'a fixed shape',
      { inputs: [tensor('sample', 'float32', [2, 4, 64, 64]), rank0, context], outputs: [output] },
      /one fixed shape \(2×4×64×64\)/,
    ],
    [
      'free channels',
      { inputs: [tensor('sample', 'float32', ['b', 'c', 'h', 'w']), rank0, context], outputs: [output] },
      /how many latent channels/,
    ],
    ['an unknown input', unet(rank0, tensor('controlnet', 'float32', ['b', 4, 'h', 'w'])), /needs controlnet as well/],
    ['missing inputs', { inputs: [rank0], outputs: [output] }, /inputs are timestep/],
    [
      'a free text width',
      { inputs: [sample, rank0, tensor('encoder_hidden_states', 'float32', ['b', 's', 'd'])], outputs: [output] },
      /width of its text input/,
    ],
  ]
  test.each(refusals)('%s is refused with the reason', (_name, signature, reason) => {
    expect(() => unetSignature(signature)).toThrow(expect.objectContaining({ code: 'model_unusable' }))
    expect(() => unetSignature(signature)).toThrow(reason)
  })
})

test('a UNet takes the latents, or mask and masked latents beside them, and nothing else', () => {
  const taking = (channels: number) =>
    unetSignature({
      inputs: [tensor('sample', 'float32', ['b', channels, 'h', 'w']), rank0, context],
      outputs: [output],
    })
  expect(isInpaintUnet(taking(4), latents)).toBe(false)
  expect(isInpaintUnet(taking(9), latents)).toBe(true)
  expect(() => isInpaintUnet(taking(8), latents)).toThrow(expect.objectContaining({ code: 'model_unusable' }))
  expect(() => isInpaintUnet(taking(8), latents)).toThrow('takes 8 latent channels; 4 and 9 are understood')
})

test('a VAE of one size is refused with the shape', () => {
  const check = (name: string, ...shape: (number | string)[]) =>
    checkFreeShape(name, { inputs: [tensor('input', 'float32', shape)] })
  check('vae_decoder', 1, 4, 'h', 'w')
  expect(() => check('vae_decoder', 1, 4, 64, 64)).toThrow(/The vae_decoder was .* one fixed shape \(1×4×64×64\)/)
  expect(() => check('vae_encoder', 2, 3, 'h', 'w')).toThrow(/fixed shape/)
})

test('a VAE encoder gives parameters, a sample, or is refused', () => {
  expect(encoderOutput(encoder('moments', 8), latents)).toEqual({ name: 'moments', kind: 'parameters' })
  expect(encoderOutput(encoder('latent_sample', 4), latents)).toEqual({ name: 'latent_sample', kind: 'sample' })
  expect(() => encoderOutput({ inputs: [], outputs: [] }, latents)).toThrow(/gives no latents/)
})

test('each upsampling by a fixed factor doubles what sizes must be a multiple of', () => {
  const fixed = { type: 'Resize', inputs: ['x', '', 'scales'] }
  const free = { type: 'Resize', inputs: ['x', '', '', 'sizes'] }
  expect(sizeMultiple([], latents)).toBe(8)
  expect(sizeMultiple([free, { type: 'Conv', inputs: ['x'] }, free], latents)).toBe(8)
  expect(sizeMultiple([fixed, fixed, fixed], latents)).toBe(64)
})

describe('a text encoder', () => {
  const signature = (tokens: number | string, rows: number | string, ...others: TensorInfo[]): Signature => ({
    inputs: [...others, tensor('input_ids', 'int64', ['batch', tokens])],
    outputs: [tensor('last_hidden_state', 'float32', ['batch', rows, 768])],
  })

  test('reads as many tokens as its graph is fixed to, else as its tokenizer pads to, else as CLIP', () => {
    const length = (tokens: number | string, tokenizer: object | null = null, config: object | null = null) =>
      textSignature('text_encoder', signature(tokens, 'rows'), tokenizer as JsonObject, config as JsonObject, clip)
    expect(length(16, { model_max_length: 77 })).toMatchObject({ length: 16, isFixed: true, rows: null })
    expect(length('s', { model_max_length: 64 })).toMatchObject({ length: 64, isFixed: false })
    expect(length('s', { model_max_length: 77 }, { max_position_embeddings: 32 })).toMatchObject({ length: 32 })
    expect(length('s', { model_max_length: 1e30 }, { max_position_embeddings: 248 })).toMatchObject({ length: 248 })
    expect(length('s', { model_max_length: 1e30 })).toMatchObject({ length: 77 })
    expect(length('s')).toMatchObject({ length: 77 })
    expect(() => length('s', { model_max_length: 2 })).toThrow(/reads 2 tokens at once; 3 are the least/)
  })

  test('gives as many rows as its graph says', () => {
    const rows = (tokens: number | string, given: number | string) =>
      textSignature('text_encoder', signature(tokens, given), null, null, clip).rows
    expect([rows('s', 16), rows('s', 's'), rows('s', 't'), rows(77, 's')]).toEqual([16, 77, null, null])
  })

  test('is told that all tokens count, and their places, where it asks', () => {
    const mask = tensor('attention_mask', 'int64', ['batch', 's'])
    const places = tensor('position_ids', 'int64', ['batch', 's'])
    const read = (...others: TensorInfo[]) =>
      textSignature('text_encoder', signature('s', 's', ...others), null, null, clip)
    expect(read(mask, places)).toMatchObject({
      ids: 'input_ids',
      mask: 'attention_mask',
      positions: 'position_ids',
    })
    expect(read()).toMatchObject({ mask: null, positions: null })
    expect(() => read(tensor('pixel_values', 'float32', ['batch', 3, 224, 224]))).toThrow(/needs pixel_values as well/)
  })

  test('of another batch than one is refused with the shape', () => {
    const batch = (size: number): Signature => ({
      ...signature(77, 77),
      inputs: [tensor('input_ids', 'int64', [size, 77])],
    })
    expect(textSignature('text_encoder', batch(1), null, null, clip).length).toBe(77)
    expect(() => textSignature('text_encoder', batch(2), null, null, clip)).toThrow(/one fixed shape \(2×77\)/)
  })
})

describe('parts must fit together', () => {
  const text = (width: number | string, ...names: string[]) => textOf(77, width, ...names)
  const textOf = (rows: number | string, width: number | string, ...names: string[]) => {
    const outputs = ['last_hidden_state', ...names].map((name) =>
      name === 'text_embeds'
        ? tensor(name, 'float32', ['batch', width])
        : tensor(name, 'float32', ['batch', rows, width]),
    )
    const inputs = [tensor('input_ids', 'int64', ['batch', 'tokens'])]
    return { outputs, text: textSignature('text_encoder', { inputs, outputs }, null, null, clip) }
  }
  const plain = unetSignature(unet(rank0))
  const xl = unetSignature(unet(rank0, tensor('text_embeds', 'float32', ['batch', 512])))
  const layers = ['hidden_states.0', 'hidden_states.1']

  test('what the text encoders give is what the UNet takes', () => {
    checkText(plain, clip, [text(768)])
    checkText(plain, clip, [text('width')])
    checkText(xl, families.sdxl.text, [text(256, ...layers), text(512, 'text_embeds', ...layers)])
    expect(() => checkText(plain, clip, [text(1024)])).toThrow(/give 1024 numbers a token, and the UNet takes 768/)
    expect(() => checkText(xl, families.sdxl.text, [text(256, ...layers), text(512, ...layers)])).toThrow(
      /gives no text_embeds/,
    )
    expect(() => checkText(xl, families.sdxl.text, [text(256), text(512, 'text_embeds', ...layers)])).toThrow(
      /last layer but one/,
    )
    expect(() =>
      checkText(xl, families.sdxl.text, [text(512, ...layers), text(256, 'text_embeds', ...layers)]),
    ).toThrow(/sums a prompt up in 256 numbers, and the UNet takes 512/)
  })

  test('as many tokens as the UNet takes, and as many from both', () => {
    const fixed = unetSignature({
      ...unet(rank0),
      inputs: [sample, rank0, tensor('encoder_hidden_states', 'float32', ['batch', 77, 768])],
    })
    checkText(plain, clip, [textOf(16, 768)])
    checkText(fixed, clip, [textOf(77, 768)])
    checkText(fixed, clip, [textOf('rows', 768)])
    expect(() => checkText(fixed, clip, [textOf(16, 768)])).toThrow(
      /gives 16 tokens for a prompt, and the UNet takes 77/,
    )
    expect(() =>
      checkText(xl, families.sdxl.text, [textOf(77, 256, ...layers), textOf(32, 512, 'text_embeds', ...layers)]),
    ).toThrow(/give 77 and 32 tokens for a prompt/)
  })

  test('the VAE takes RGB and four channels of latents', () => {
    const decoder = (latents: number): Signature => ({
      inputs: [tensor('latent_sample', 'float32', ['batch', latents, 'height', 'width'])],
      outputs: [tensor('sample', 'float32', ['batch', 'channels', 'height', 'width'])],
    })
    checkVae(encoder('latent_parameters', 8), decoder(4), latents)
    expect(() => checkVae(encoder('latent_parameters', 8), decoder(16), latents)).toThrow(
      'The VAE decoder takes "latent_sample" of batch×16×height×width, not 4 channels.',
    )
    expect(() => checkVae(encoder('latent_parameters', 8), { inputs: [], outputs: [] }, latents)).toThrow(
      /takes nothing/,
    )
  })
})
