import { openClipLayer } from '../names/text-names.ts'
import type { Tensor, Weights } from '../weights.ts'

const openClipSingle = new Map(
  Object.entries({
    class_embedding: 'embeddings.class_embedding',
    positional_embedding: 'embeddings.position_embedding.weight',
    'conv1.weight': 'embeddings.patch_embedding.weight',
    'ln_pre.weight': 'pre_layrnorm.weight',
    'ln_pre.bias': 'pre_layrnorm.bias',
    'ln_post.weight': 'post_layernorm.weight',
    'ln_post.bias': 'post_layernorm.bias',
  }),
)

/**
 * The tensors of CLIP's encoder of pictures by transformers' names without their beginning, as in
 * `encoder.layers.0.mlp.fc1.weight`, and `visual_projection.weight`; from transformers' own (in a safety checker
 * `vision_model` may stand twice) or OpenCLIP's. What else the file holds, as the encoder of text, is left out.
 */
export function imageEncoderNames(tensors: Weights): Map<string, Tensor> {
  return new Map([...tensors].flatMap(([name, tensor]) => renamed(name, tensor)))
}

function renamed(name: string, tensor: Tensor): [string, Tensor][] {
  if (name === 'visual_projection.weight') return [[name, tensor]]
  const [, own] = /^vision_model\.(?:vision_model\.)?(?!.*position_ids$)(.+)$/.exec(name) ?? []
  if (own !== undefined) return [[own, tensor]]
  const [, open] = /^visual\.(.+)$/.exec(name) ?? []
  if (open === undefined) return []
  if (open === 'proj') return [['visual_projection.weight', { ...tensor, transposed: true }]]
  const single = openClipSingle.get(open)
  if (single !== undefined) return [[single, tensor]]
  const [, layer, rest = ''] = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(open) ?? []
  return layer === undefined ? [] : openClipLayer(`encoder.layers.${layer}.`, rest, tensor)
}
