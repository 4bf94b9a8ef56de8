import { describe, expect, it } from 'vitest'
import { chooseFiles } from './choose-files.ts'

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
    expect(() => targets([file('unet/weights.bin')])).toThrow(/no ONNX UNet/)
  })
})
