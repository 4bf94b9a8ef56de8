import type { IpAdapter } from '../ip-adapter/read-ip-adapter.ts'
import type { Shapes } from './networks.ts'

const norm = (name: string, width: number): Shapes => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] })
const linear = (name: string, outputs: number, inputs: number): Shapes => ({
  [`${name}.weight`]: [outputs, inputs],
  [`${name}.bias`]: [outputs],
})

/** The tensors of an IP-Adapter. @param widths of the UNet's layers that read the text: down, up, middle */
export function ipAdapterShapes(
  kind: IpAdapter['kind'],
  { context = 48, widths = [32, 64, 64], reads = 40 }: { context?: number; widths?: number[]; reads?: number } = {},
): Shapes {
  const inside = 24
  const projections: Record<IpAdapter['kind'], Shapes> = {
    plain: { ...linear('image_proj.proj', 4 * context, reads), ...norm('image_proj.norm', context) },
    full: {
      ...linear('image_proj.proj.0', reads, reads),
      ...linear('image_proj.proj.2', context, reads),
      ...norm('image_proj.proj.3', context),
    },
    plus: {
      'image_proj.latents': [1, 3, inside],
      ...linear('image_proj.proj_in', inside, reads),
      ...linear('image_proj.proj_out', context, inside),
      ...norm('image_proj.norm_out', context),
      ...norm('image_proj.layers.0.0.norm1', inside),
      ...norm('image_proj.layers.0.0.norm2', inside),
      'image_proj.layers.0.0.to_q.weight': [128, inside],
      'image_proj.layers.0.0.to_kv.weight': [256, inside],
      'image_proj.layers.0.0.to_out.weight': [inside, 128],
      ...norm('image_proj.layers.0.1.0', inside),
      'image_proj.layers.0.1.1.weight': [4 * inside, inside],
      'image_proj.layers.0.1.3.weight': [inside, 4 * inside],
    },
  }
  const pairs: Shapes = {}
  for (const [i, width] of widths.entries())
    for (const which of ['to_k_ip', 'to_v_ip']) pairs[`ip_adapter.${2 * i + 1}.${which}.weight`] = [width, context]
  return { ...projections[kind], ...pairs }
}

/** The tensors of an image encoder, by transformers' names. */
export function imageEncoderShapes({ width = 40, projected = 24, patch = 8, squares = 4, layers = 2 } = {}): Shapes {
  const shapes: Shapes = {
    'vision_model.embeddings.class_embedding': [width],
    'vision_model.embeddings.patch_embedding.weight': [width, 3, patch, patch],
    'vision_model.embeddings.position_embedding.weight': [squares ** 2 + 1, width],
    ...norm('vision_model.pre_layrnorm', width),
    ...norm('vision_model.post_layernorm', width),
    'visual_projection.weight': [projected, width],
  }
  for (let i = 0; i < layers; i++) {
    const layer = `vision_model.encoder.layers.${i}`
    Object.assign(shapes, norm(`${layer}.layer_norm1`, width), norm(`${layer}.layer_norm2`, width))
    for (const which of ['q', 'k', 'v', 'out'])
      Object.assign(shapes, linear(`${layer}.self_attn.${which}_proj`, width, width))
    Object.assign(shapes, linear(`${layer}.mlp.fc1`, 2 * width, width), linear(`${layer}.mlp.fc2`, width, 2 * width))
  }
  return shapes
}

/** The same tensors as OpenCLIP stores them: query, key and value in one. */
export function openClipNames(shapes: Shapes): Shapes {
  const renamed = Object.entries(shapes).flatMap(([name, shape]): [string, number[]][] => {
    if (name === 'visual_projection.weight') return [['visual.proj', shape.toReversed()]]
    const own = name.replace('vision_model.', '')
    if (/\.(k|v)_proj\./.test(own)) return []
    const [first = 0, ...others] = shape
    if (/\.q_proj\./.test(own)) return [[own.replace(/self_attn\.q_proj\./, 'attn.in_proj_'), [3 * first, ...others]]]
    return [[own.replace('self_attn.out_proj', 'attn.out_proj'), shape]]
  })
  const openClip: [RegExp, string][] = [
    [/^encoder\.layers\./, 'transformer.resblocks.'],
    [/layer_norm(\d)/, 'ln_$1'],
    [/mlp\.fc1/, 'mlp.c_fc'],
    [/mlp\.fc2/, 'mlp.c_proj'],
    [/^embeddings\.class_embedding$/, 'class_embedding'],
    [/^embeddings\.position_embedding\.weight$/, 'positional_embedding'],
    [/^embeddings\.patch_embedding/, 'conv1'],
    [/^pre_layrnorm/, 'ln_pre'],
    [/^post_layernorm/, 'ln_post'],
  ]
  const rename = (name: string) => openClip.reduce((all, [from, to]) => all.replace(from, to), name)
  return Object.fromEntries(
    renamed.map(([name, shape]) => [name.startsWith('visual.') ? name : `visual.${rename(name)}`, shape]),
  )
}
