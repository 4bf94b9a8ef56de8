import { describe, expect, it } from 'vitest'
import { chooseFiles, chooseSingleFile } from './choose-files.ts'

const file = (path: string) => ({ path, size: 1, oid: '', sha256: null })
const complete = (root = '', name = 'model') =>
  ['unet', 'vae_encoder', 'vae_decoder', 'text_encoder'].map((part) => file(`${root}${part}/${name}.onnx`))
const targets = (paths: ReturnType<typeof file>[], variant: string | null = null) =>
  chooseFiles(paths, variant).map(({ path, target }) => (path === target ? path : `${path} → ${target}`))

describe('chooseFiles', () => {
  it('finds the model in a subfolder, and prefers the root', () => {
    expect(targets(complete('onnx/'))).toContain('onnx/unet/model.onnx → unet/model.onnx')
    expect(targets([...complete('onnx/'), ...complete()])).toContain('unet/model.onnx')
  })

  it('takes a variant where a part has one', () => {
    const both = [
      ...complete(),
      file('unet/model.fp16.onnx'),
      file('unet/model.fp16.onnx_data'),
      file('unet/model.onnx_data'),
    ]
    expect(targets(both, 'fp16')).toEqual(
      expect.arrayContaining([
        'unet/model.fp16.onnx → unet/model.onnx',
        'unet/model.fp16.onnx_data',
        'vae_decoder/model.onnx',
      ]),
    )
    expect(targets(both, 'fp16')).not.toContain('unet/model.onnx_data')
    expect(targets(both)).toContain('unet/model.onnx_data')
    expect(targets([...complete('', 'model_fp16')], 'fp16')).toContain(
      'vae_encoder/model_fp16.onnx → vae_encoder/model.onnx',
    )
  })

  it('takes weights in pieces, and the one file a tensor of old exports', () => {
    const weights = [
      'model.onnx_data',
      'model.onnx_data_1',
      'model.onnx.data',
      'weights.pb',
      'conv_in.weight',
      'onnx__MatMul_7',
    ]
    const others = ['diffusion_pytorch_model.bin', 'openvino_model.xml', 'model.safetensors', 'deeper/onnx__MatMul_8']
    const chosen = targets([...complete(), ...[...weights, ...others].map((name) => file(`unet/${name}`))])
    for (const name of weights) expect(chosen).toContain(`unet/${name}`)
    for (const name of others) expect(chosen).not.toContain(`unet/${name}`)
  })

  it('leaves tensors alone that may be of another graph', () => {
    const both = [...complete(), file('unet/model_fp16.onnx'), file('unet/onnx__MatMul_7')]
    expect(targets(both)).not.toContain('unet/onnx__MatMul_7')
  })

  it('says what is missing', () => {
    expect(() => targets(complete('', 'model_fp16'))).toThrow(/--variant/)
    expect(() => targets([file('unet/model.onnx')])).toThrow(/vae_encoder, vae_decoder missing/)
    expect(() => targets([file('unet/weights.bin')])).toThrow(/no weights as \.safetensors and no ONNX UNet/)
    expect(() => targets([file('b.safetensors'), file('a/c.safetensors')])).toThrow(
      /choose one of its files with --file: b\.safetensors, a\/c\.safetensors/,
    )
  })
})

describe('a folder of safetensors', () => {
  const half = (name: string) => name.replace('.safetensors', '.fp16.safetensors')
  const whole = [
    'unet/diffusion_pytorch_model.safetensors',
    'vae/diffusion_pytorch_model.safetensors',
    'text_encoder/model.safetensors',
    'text_encoder_2/model.safetensors',
  ]
  const configs = ['model_index.json', 'unet/config.json', 'vae/config.json', 'tokenizer/vocab.json', 'README.md']
  const others = [
    'unet/diffusion_pytorch_model.bin',
    'unet/diffusion_pytorch_model.non_ema.safetensors',
    'safety_checker/model.safetensors',
    'v1-5-pruned.safetensors',
    'unet/model.onnx',
    'unet/model.onnx_data',
  ]
  const listed = (paths: string[]) => paths.map(file)

  it('is taken in halves where there are such, part by part, and comes before an ONNX export', () => {
    const all = [...configs, ...whole, ...others, half(whole[0] ?? ''), half(whole[2] ?? '')]
    const chosen = [...configs, half(whole[0] ?? ''), half(whole[2] ?? ''), whole[1], whole[3]]
    expect(targets(listed(all)).toSorted()).toEqual(chosen.toSorted())
    expect(targets(listed(all), 'fp16').toSorted()).toEqual(chosen.toSorted())
    expect(targets(listed(all), 'full').toSorted()).toEqual([...configs, ...whole].toSorted())
    expect(() => targets(listed(all), 'bf16')).toThrow('no part has a variant "bf16"')
  })

  it('that comes in halves alone is taken', () => {
    expect(targets(listed([...configs, ...whole.map(half)])).toSorted()).toEqual(
      [...configs, ...whole.map(half)].toSorted(),
    )
  })

  it.each([
    ['', '.index.json', ['-00001-of-00002', '-00002-of-00002'], null],
    ['.fp16', '.index.fp16.json', ['-00001-of-00002.fp16', '-00002-of-00002.fp16'], null],
    ['.fp16', '.index.fp16.json', ['.fp16-00001-of-00002', '.fp16-00002-of-00002'], 'fp16'],
  ])('in shards%s comes with their index alone', (_, index, shards, variant) => {
    const base = 'unet/diffusion_pytorch_model'
    const unet = [`${base}.safetensors${index}`, ...shards.map((shard) => `${base}${shard}.safetensors`)]
    const rest = whole.slice(1)
    const other = `${base}.safetensors.index.bf16.json`
    expect(targets(listed([...configs, ...unet, ...rest, other]), variant).toSorted()).toEqual(
      [...configs, ...unet, ...rest].toSorted(),
    )
  })

  it('that lacks a part is no model', () => {
    expect(() => targets(listed([...configs, ...whole.slice(0, 2)]))).toThrow(/choose one of its files with --file/)
  })
})

describe('a single file', () => {
  it('is the one that was named, without its folders', () => {
    expect(chooseSingleFile([file('a.safetensors'), file('vae/b.safetensors')], 'vae/b.safetensors')).toMatchObject({
      path: 'vae/b.safetensors',
      target: 'b.safetensors',
    })
    expect(() => chooseSingleFile([file('a.safetensors'), file('b.ckpt')], 'b.safetensors')).toThrow(
      'the repository has no file "b.safetensors"; it has a.safetensors',
    )
  })
})
