import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lengthField } from '@pentimento/checkpoints'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { readFolder } from './read-folder.ts'

describe('describes the tiny models', () => {
  test.each([
    ['tiny-sd1', { family: 'sd1', exporterEra: 'optimum-1.24', isInpaintModel: false, prediction: 'epsilon' }],
    ['tiny-sd1-inpaint', { family: 'sd1', exporterEra: 'diffusers', isInpaintModel: true, prediction: 'epsilon' }],
    ['tiny-sd2', { family: 'sd2', exporterEra: 'optimum-1.23', isInpaintModel: false, prediction: 'v' }],
    ['tiny-sd2-inpaint', { family: 'sd2', exporterEra: 'optimum-1.6', isInpaintModel: true, prediction: 'epsilon' }],
    ['tiny-sdxl-inpaint', { family: 'sdxl', exporterEra: 'optimum-1.24', isInpaintModel: true, prediction: 'epsilon' }],
    ['tiny-sdxl', { family: 'sdxl', exporterEra: 'optimum-1.24', isInpaintModel: false, prediction: 'epsilon' }],
    ['tiny-sdxl-refiner', { family: 'sdxl-refiner', isInpaintModel: false }],
    ['tiny-lcm', { family: 'sd1', defaults: { steps: 4, sampler: 'lcm' } }],
  ])('%s', async (name, expected) => {
    const { description } = await readFolder(fixtureModel(name))
    expect(description).toMatchObject({ id: name, nativeSize: 128, licence: 'MIT', ...expected })
    expect(Object.values(description.parts).every((bytes) => bytes > 1000)).toBe(true)
  })

  test('with what decides how they are run', async () => {
    expect(await readFolder(fixtureModel('tiny-sd1-inpaint'))).toMatchObject({
      samplesInEncoder: true,
      latents: expect.objectContaining({ scale: 0.18215 }),
      scheduler: { setAlphaToOne: false },
    })
    expect(await readFolder(fixtureModel('tiny-sdxl'))).toMatchObject({
      samplesInEncoder: false,
      latents: expect.objectContaining({ scale: 0.13025 }),
      zeroEmptyNegative: { a1111: true, diffusers: true },
      sizes: ['original size', 'crop', 'target size'],
    })
    expect(await readFolder(fixtureModel('tiny-sdxl-refiner'))).toMatchObject({
      zeroEmptyNegative: { a1111: true, diffusers: false },
      sizes: ['original size', 'crop', 'aesthetic score'],
    })
  })
})

describe('a folder that cannot work is refused with the reason', () => {
  let dir: string
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'model-')), 'broken')
    await cp(fixtureModel('tiny-sdxl'), dir, { recursive: true })
  })
  afterEach(() => rm(join(dir, '..'), { recursive: true }))

  const refused = (reason: RegExp): Promise<void> =>
    expect(readFolder(dir)).rejects.toMatchObject({ code: 'model_unusable', message: expect.stringMatching(reason) })

  test('no such folder', async () => {
    dir = join(dir, 'nowhere')
    await refused(/no model_index\.json/)
    dir = join(dir, '..')
  })

  test.each(['unet', 'vae_encoder', 'vae_decoder', 'text_encoder_2'])('without %s', async (part) => {
    await unlink(join(dir, part, 'model.onnx'))
    await refused(new RegExp(`no ${part}/model\\.onnx`))
  })

  test('numbers of Python alone in its JSON are no reason', async () => {
    const file = join(dir, 'scheduler/scheduler_config.json')
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('{', '{ "lambda_min_clipped": -Infinity, "x": [NaN, 1],'),
    )
    expect((await readFolder(dir)).scheduler.lambdaMin).toBe(Number.NEGATIVE_INFINITY)
    await writeFile(file, '{ "x": Infinite }')
    await refused(/scheduler_config\.json is no JSON/)
  })

  test('latents that are shifted channel by channel', async () => {
    await writeFile(join(dir, 'vae_decoder/config.json'), '{ "scaling_factor": 0.5, "latents_mean": [1, 2, 3, 4] }')
    await refused(/latents_mean and latents_std, which are not supported/)
  })

  test('another size conditioning than its UNet takes', async () => {
    await writeFile(join(dir, 'model_index.json'), '{ "requires_aesthetics_score": true }')
    await refused(/takes 6 numbers as time_ids, which does not go with requires_aesthetics_score true/)
  })

  test('a graph cut short', async () => {
    await truncate(join(dir, 'unet/model.onnx'), 300_000)
    await refused(/unet\/model\.onnx is no complete ONNX file/)
  })

  test('a pointer of large file storage instead of a graph', async () => {
    await writeFile(join(dir, 'unet/model.onnx'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
    await refused(/unet\/model\.onnx is a pointer of Git LFS, not the file itself/)
  })

  test('weights for PyTorch, a graph of another name, a link to nowhere', async () => {
    const graph = join(dir, 'unet/model.onnx')
    await writeFile(join(dir, 'unet/diffusion_pytorch_model.safetensors'), '')
    await rename(graph, join(dir, 'unet/model_fp16.onnx'))
    await refused(/no unet\/model\.onnx\. It has unet\/model_fp16\.onnx: rename that/)
    await rename(join(dir, 'unet/model_fp16.onnx'), join(dir, 'vae'))
    await refused(/holds weights that are not read here/)
    await symlink('nowhere', graph)
    await refused(/a link that leads nowhere/)
    await rm(join(dir, 'unet'), { recursive: true })
    await mkdir(join(dir, 'transformer'))
    await refused(/Models with a transformer .* are not understood/)
  })

  test('weights beside the graph that are not complete', async () => {
    await rm(dir, { recursive: true })
    await cp(fixtureModel('tiny-sd1-inpaint'), dir, { recursive: true })
    await truncate(join(dir, 'unet/weights.pb'), 5000)
    await refused(/^unet\/weights\.pb has 5000 bytes, and model\.onnx needs \d+: it is not complete\.$/)
  })

  test('parts that do not fit together', async () => {
    const swap = async (one: string, other: string) => {
      await rename(join(dir, one), join(dir, 'between'))
      await rename(join(dir, other), join(dir, one))
      await rename(join(dir, 'between'), join(dir, other))
    }
    await swap('vae_encoder', 'vae_decoder')
    await refused(/^The VAE encoder takes "latent_sample" of .*×4×.*, not 3 channels\.$/)
    await swap('vae_encoder', 'vae_decoder')
    await swap('text_encoder', 'text_encoder_2')
    await refused(/text_encoder_2 gives no text_embeds/)
  })

  test('a tokenizer that is not there', async () => {
    await unlink(join(dir, 'tokenizer_2/merges.txt'))
    await refused(/^tokenizer_2 has neither tokenizer\.json nor vocab\.json and merges\.txt\.$/)
  })

  test('latents that are scaled by nothing', async () => {
    await writeFile(join(dir, 'vae_decoder/config.json'), '{"scaling_factor": 0}')
    await refused(/scaling_factor of 0/)
  })

  test('weights outside the folder', async () => {
    await cp(fixtureModel('tiny-sd1-inpaint'), dir, { recursive: true })
    const file = join(dir, 'unet/model.onnx')
    const graph = await readFile(file, 'latin1')
    await writeFile(file, graph.replaceAll('weights.pb', '/etc/passw'), 'latin1')
    await refused(/outside its own folder/)
    await writeFile(file, graph.replaceAll('weights.pb', '../weights'), 'latin1')
    await refused(/outside its own folder/)
    // In an attribute of a further operator, which protobuf adds to the graph.
    const location = lengthField(13, [lengthField(1, 'location'), lengthField(2, '../../secret')])
    const operator = lengthField(1, lengthField(5, lengthField(5, location)))
    await writeFile(file, Buffer.concat([Buffer.from(graph, 'latin1'), lengthField(7, operator)]))
    await refused(/outside its own folder/)
  })

  test('broken JSON', async () => {
    await writeFile(join(dir, 'model_index.json'), '{')
    await refused(/model_index\.json is no JSON/)
    await writeFile(join(dir, 'model_index.json'), '[]')
    await refused(/model_index\.json is no JSON object/)
  })

  test('a prediction that is not known', async () => {
    await writeFile(join(dir, 'scheduler/scheduler_config.json'), '{"prediction_type": "flow"}')
    await refused(/prediction_type/)
  })

  test('messages name no path of the machine', async () => {
    await truncate(join(dir, 'unet/model.onnx'), 1000)
    await expect(readFolder(dir)).rejects.toThrow(expect.not.stringContaining(dir))
  })
})
