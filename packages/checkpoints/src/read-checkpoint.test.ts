import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countDtypes } from './check-dtypes.ts'
import { readCheckpoint } from './read-checkpoint.ts'
import { ldmTensors, type TinyFamily, tinyFamilies, writeFolder } from './testing/tiny-checkpoints.ts'
import { type Stored, writeSafetensors } from './testing/write-safetensors.ts'
import type { Dtype } from './weights.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-checkpoint-'))
})
afterEach(() => rm(dir, { recursive: true }))

const empty: Stored = { dtype: 'F16', shape: [0] }

interface Given {
  family?: TinyFamily
  name?: string
  without?: RegExp
  with?: Record<string, Stored>
  metadata?: Record<string, string>
  sidecar?: object
}

/** Writes a small single file and reads it. */
async function read({ family = 'sd1', name = 'model', ...given }: Given) {
  const tensors = [...ldmTensors(family, 'F16')].filter(([key]) => !given.without?.test(key))
  await writeSafetensors(
    join(dir, `${name}.safetensors`),
    [...tensors, ...Object.entries(given.with ?? {})],
    given.metadata,
  )
  if (given.sidecar) await writeFile(join(dir, `${name}.json`), JSON.stringify(given.sidecar))
  return readCheckpoint(join(dir, `${name}.safetensors`))
}

const expected = {
  sd1: { family: 'sd1', channels: 4 },
  'sd1-inpaint': { family: 'sd1', channels: 9 },
  sd2: { family: 'sd2', channels: 4 },
  sdxl: { family: 'sdxl', channels: 4 },
  'sdxl-inpaint': { family: 'sdxl', channels: 9 },
  'sdxl-refiner': { family: 'sdxl-refiner', channels: 4 },
}

describe.each(tinyFamilies)('%s', (tiny) => {
  it('is told from a single file', async () => {
    const { family, unet, missing, unknown, texts } = await read({ family: tiny })
    expect({ family: family.value, channels: unet.channels }).toEqual(expected[tiny])
    expect([missing, unknown]).toEqual([[], []])
    const [first, second] = [texts.text_encoder?.activation, texts.text_encoder_2?.activation]
    expect([first, second]).toEqual(
      {
        sd1: ['quick_gelu', undefined],
        sd2: ['gelu', undefined],
        sdxl: ['quick_gelu', 'gelu'],
        'sdxl-refiner': [undefined, 'gelu'],
      }[expected[tiny].family],
    )
  })

  it('is told the same from its UNet alone, with the parts that are missing', async () => {
    const { family, missing } = await read({
      family: tiny,
      without: /^(cond_stage_model|conditioner|first_stage_model)\./,
    })
    expect(family.value).toBe(expected[tiny].family)
    expect(missing.map(({ part }) => part)).toEqual(
      {
        sd1: ['vae', 'text_encoder'],
        sd2: ['vae', 'text_encoder'],
        sdxl: ['vae', 'text_encoder', 'text_encoder_2'],
        'sdxl-refiner': ['vae', 'text_encoder_2'],
      }[expected[tiny].family],
    )
  })

  it.each([
    ['plain', {}],
    ['fp16 variant', { variant: 'fp16', dtype: 'F16' as const }],
    ['sharded', { sharded: true }],
    ['sharded fp16 variant', { sharded: true, variant: 'fp16', dtype: 'F16' as const }],
  ])('is told the same from a folder: %s', async (_, options) => {
    const folder = join(dir, 'folder')
    await writeFolder(folder, tiny, options)
    const [single, found] = [await read({ family: tiny }), await readCheckpoint(folder)]
    expect(found.family).toEqual(single.family)
    expect([found.unet, found.missing, found.layout]).toEqual([single.unet, [], 'folder'])
    for (const [part, weights] of Object.entries(single.weights)) {
      const shapes = (own: typeof weights) =>
        [...own].map(([name, { shape, transposed }]) => [name, transposed ? shape.toReversed() : shape]).sort()
      expect(shapes(found.weights[part as keyof typeof found.weights] ?? new Map())).toEqual(shapes(weights))
    }
  })
})

describe('what a model predicts', () => {
  it.each<[string, Given, 'epsilon' | 'v' | null, RegExp]>([
    ['SD 1.x: the noise', {}, 'epsilon', /nothing says otherwise; .* in \w+\.json: \{"prediction": "v"\}$/],
    ['SD 2.x: only a run tells', { family: 'sd2' }, null, /a run at load/],
    ['metadata', { family: 'sd2', metadata: { 'modelspec.prediction_type': 'v' } }, 'v', /metadata/],
    [
      'metadata against a marker',
      { family: 'sdxl', metadata: { 'modelspec.prediction_type': 'epsilon' }, with: { v_pred: empty } },
      'epsilon',
      /metadata/,
    ],
    ['a marker', { family: 'sdxl', with: { v_pred: empty, ztsnr: empty } }, 'v', /"v_pred"/],
    [
      'the sidecar against all',
      { family: 'sdxl', with: { v_pred: empty }, sidecar: { prediction: 'epsilon' } },
      'epsilon',
      /JSON file beside it/,
    ],
  ])('is told by %s', async (_, given, value, told) => {
    const { prediction, scheduler } = await read(given)
    expect(prediction).toEqual({ value, told: expect.stringMatching(told) })
    expect(scheduler.prediction_type).toBe(value === 'v' ? 'v_prediction' : undefined)
  })

  it('is told by the scheduler of a folder, unless its pentimento.json says otherwise', async () => {
    const folder = join(dir, 'folder')
    const configs = {
      'scheduler/scheduler_config.json': { prediction_type: 'v_prediction', timestep_spacing: 'trailing' },
    }
    await writeFolder(folder, 'sd2', { configs })
    expect(await readCheckpoint(folder)).toMatchObject({
      prediction: { value: 'v' },
      scheduler: { timestep_spacing: 'trailing' },
    })
    await writeFile(join(folder, 'pentimento.json'), '{"prediction":"epsilon"}')
    expect(await readCheckpoint(folder)).toMatchObject({
      prediction: { value: 'epsilon' },
      scheduler: { prediction_type: 'epsilon' },
    })
  })

  it('cannot be another noise', async () => {
    await expect(read({ family: 'sdxl', with: { edm_mean: empty } })).rejects.toThrow(/EDM/)
  })
})

it('a scheduler that no file states is the family’s', async () => {
  const shared = {
    beta_schedule: 'scaled_linear',
    beta_start: 0.00085,
    beta_end: 0.012,
    num_train_timesteps: 1000,
    steps_offset: 1,
  }
  expect((await read({})).scheduler).toEqual(shared)
  expect((await read({ family: 'sdxl' })).scheduler).toEqual({ ...shared, timestep_spacing: 'leading' })
  expect((await read({ family: 'sdxl', with: { ztsnr: empty } })).scheduler.rescale_betas_zero_snr).toBe(true)
})

describe('what is said of a model', () => {
  it('comes from metadata, name and sidecar', async () => {
    const metadata = { 'modelspec.title': 'A title', 'modelspec.license': 'MIT', 'modelspec.resolution': '640x640' }
    expect((await read({ metadata })).manifest).toEqual({ title: 'A title', licence: 'MIT', native_size: 640 })
    expect((await read({ metadata, sidecar: { title: 'Mine', defaults: { steps: 9 } } })).manifest).toMatchObject({
      title: 'Mine',
      licence: 'MIT',
      defaults: { steps: 9 },
    })
  })

  it('gives distilled models few steps and no guidance, by a word of the name', async () => {
    for (const [name, sampler] of Object.entries({
      dreamshaperXL_v21TurboDPMSDE: 'euler_a',
      realvisLightning4: 'euler',
      'LCM-dream': 'lcm',
    }))
      expect((await read({ name })).manifest.defaults).toMatchObject({ guidance_scale: 1, sampler })
    expect((await read({ name: 'turbofan hyperrealism' })).manifest.defaults).toBeUndefined()
    const guided = { 'model.diffusion_model.time_embed.cond_proj.weight': { dtype: 'F16', shape: [32, 256] } as const }
    expect(await read({ with: guided })).toMatchObject({
      unet: { guidanceWidth: 256 },
      manifest: { defaults: { sampler: 'lcm' } },
    })
  })

  it('says where heads are guessed, and how they are stated', async () => {
    expect((await read({})).headsTold).toMatch(
      /^text_encoder by a guess, .* in model\.json, as in \{"heads":\{"text_encoder":1\}\}$/,
    )
    expect((await read({ sidecar: { heads: { text_encoder: 3 } } })).headsTold).toBeNull()
    expect((await read({ family: 'sd2' })).headsTold).toBeNull()
  })

  it('takes heads from a sidecar, or from the configs of a folder', async () => {
    expect((await read({ sidecar: { heads: { unet: [1, 2], text_encoder: 3 } } })).heads).toEqual({
      unet: [1, 2],
      text_encoder: 3,
    })
    const folder = join(dir, 'folder')
    await writeFolder(join(dir, 'plain'), 'sd2', { configs: { 'unet/config.json': { mid_block_type: null } } })
    expect((await readCheckpoint(join(dir, 'plain'))).heads.unet).toBe(8)
    await writeFolder(folder, 'sd1', {
      configs: {
        'unet/config.json': { attention_head_dim: 2 },
        'text_encoder/config.json': { num_attention_heads: 4, hidden_act: 'gelu' },
      },
    })
    expect(await readCheckpoint(folder)).toMatchObject({
      heads: { unet: 2, text_encoder: 4 },
      texts: { text_encoder: { activation: 'gelu' } },
    })
  })
})

describe('parts from other files', () => {
  const vae = (family: TinyFamily) =>
    [...ldmTensors(family, 'F32')].filter(([name]) => name.startsWith('first_stage_model.'))

  it('are named in the sidecar: a VAE of vae/, bare or with its prefix', async () => {
    await mkdir(join(dir, 'vae'))
    await writeSafetensors(
      join(dir, 'vae/mine.safetensors'),
      vae('sd1').map(([name, tensor]) => [name.replace('first_stage_model.', ''), tensor]),
    )
    const { weights, missing, files } = await read({
      without: /^first_stage_model\./,
      sidecar: { vae: 'mine.safetensors' },
    })
    expect(missing).toEqual([])
    expect(Object.keys(countDtypes(weights.vae ?? new Map()))).toEqual(['F32'])
    expect(Object.keys(countDtypes(weights.unet ?? new Map()))).toEqual(['F16'])
    expect(files).toHaveLength(2)
  })

  it('a text encoder of a whole checkpoint', async () => {
    await writeSafetensors(join(dir, 'whole.safetensors'), ldmTensors('sdxl'))
    const sidecar = { text_encoder: 'whole.safetensors', text_encoder_2: 'whole.safetensors' }
    const { missing, texts } = await read({ family: 'sdxl', without: /^conditioner\./, sidecar })
    expect([missing, texts.text_encoder_2?.activation]).toEqual([[], 'gelu'])
  })

  it('say what to do when they are missing', async () => {
    const { missing } = await read({ without: /^(first_stage_model|cond_stage_model)\./ })
    expect(missing.map(({ advice }) => advice)).toEqual([
      expect.stringMatching(/no VAE\. Put one of SD 1\.x.*vae\/.*model\.json.*"vae"/),
      expect.stringMatching(/no text encoder\. Put a whole checkpoint of SD 1\.x.*"text_encoder"/),
    ])
    await expect(read({ sidecar: { vae: 'nothing.safetensors' } })).rejects.toThrow(
      /"nothing\.safetensors", which is named as its vae: There is no such file/,
    )
    await expect(read({ sidecar: { vae: '../x.safetensors' } })).rejects.toThrow(
      /model\.json: vae is to be the name of a \.safetensors file, without folders/,
    )
  })
})

describe('refuses', () => {
  const replaced = (name: string, shape: number[], dtype: Dtype = 'F16'): Given => ({
    without: new RegExp(`^${name.replaceAll('.', '\\.')}$`),
    with: { [name]: { dtype, shape } },
  })

  it.each<[string, Given, RegExp]>([
    ['a depth model', replaced('model.diffusion_model.input_blocks.0.0.weight', [32, 5, 3, 3]), /reads a depth map/],
    ['InstructPix2Pix', replaced('model.diffusion_model.input_blocks.0.0.weight', [32, 8, 3, 3]), /InstructPix2Pix/],
    ['seven channels', replaced('model.diffusion_model.input_blocks.0.0.weight', [32, 7, 3, 3]), /takes 7 channels/],
    [
      'a foreign text encoder',
      replaced('cond_stage_model.transformer.text_model.embeddings.position_embedding.weight', [77, 52]),
      /give 52 numbers a token, and its UNet takes 48/,
    ],
    [
      'a VAE of another size',
      { without: /encoder\.down\.2\.downsample/ },
      /makes pictures 4 times smaller, and .* 8 times/,
    ],
    ['quantised weights', replaced('first_stage_model.post_quant_conv.bias', [4], 'U8'), /U8: it is quantised/],
    ['a wrong prediction', { sidecar: { prediction: 'w' } }, /model\.json: prediction is to be "epsilon" or "v"/],
    ['wrong heads', { sidecar: { heads: { unet: 0 } } }, /model\.json: heads\.unet/],
  ])('%s', async (_, given, said) => {
    await expect(read(given)).rejects.toThrow(said)
  })

  it.each<[string, Record<string, object>, RegExp]>([
    [
      'a config that is not supported',
      { 'unet/config.json': { act_fn: 'gelu' } },
      /unet\/config\.json has act_fn "gelu"/,
    ],
    ['a VAE of another kind', { 'vae/config.json': { latents_mean: [0] } }, /latents_mean/],
  ])('a folder with %s', async (_, configs, said) => {
    await writeFolder(join(dir, 'folder'), 'sd1', { configs })
    await expect(readCheckpoint(join(dir, 'folder'))).rejects.toThrow(said)
  })

  it.each<[string, object, RegExp]>([
    [
      'leads out of its folder',
      { weight_map: { a: '../../model.safetensors' } },
      /names "\.\.\/\.\.\/model\.safetensors", which is no/,
    ],
    [
      'names a file that is not there',
      { weight_map: { a: 'x.safetensors' } },
      /"x\.safetensors": There is no such file/,
    ],
    ['has no map', {}, /no weight_map/],
  ])('an index that %s', async (_, index, said) => {
    const folder = join(dir, 'folder')
    await writeFolder(folder, 'sd1', { sharded: true })
    await writeFile(join(folder, 'unet/diffusion_pytorch_model.safetensors.index.json'), JSON.stringify(index))
    await expect(readCheckpoint(folder)).rejects.toThrow(said)
  })
})
