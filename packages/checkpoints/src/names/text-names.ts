import { CheckpointError } from '../errors.ts'
import type { Tensor } from '../weights.ts'

const openClip = new Map(
  Object.entries({
    'ln_1.weight': 'layer_norm1.weight',
    'ln_1.bias': 'layer_norm1.bias',
    'ln_2.weight': 'layer_norm2.weight',
    'ln_2.bias': 'layer_norm2.bias',
    'mlp.c_fc.weight': 'mlp.fc1.weight',
    'mlp.c_fc.bias': 'mlp.fc1.bias',
    'mlp.c_proj.weight': 'mlp.fc2.weight',
    'mlp.c_proj.bias': 'mlp.fc2.bias',
    'attn.out_proj.weight': 'self_attn.out_proj.weight',
    'attn.out_proj.bias': 'self_attn.out_proj.bias',
  }),
)

const openClipSingle = new Map(
  Object.entries({
    positional_embedding: 'text_model.embeddings.position_embedding.weight',
    'token_embedding.weight': 'text_model.embeddings.token_embedding.weight',
    'ln_final.weight': 'text_model.final_layer_norm.weight',
    'ln_final.bias': 'text_model.final_layer_norm.bias',
    'text_projection.weight': 'text_projection.weight',
  }),
)

const transformersNames =
  /^text_model\.(embeddings\.(token|position)_embedding\.weight|final_layer_norm\.(weight|bias)|encoder\.layers\.\d+\.(layer_norm[12]|mlp\.fc[12]|self_attn\.(q|k|v|out)_proj)\.(weight|bias))$|^text_projection\.weight$/

/** Whether the names are OpenCLIP's, else transformers'. */
export function isOpenClip(tensors: ReadonlyMap<string, Tensor>): boolean {
  return tensors.has('positional_embedding')
}

/**
 * Nobody reads these: places are 0 to 76, whatever a merge of files made of them, and the scale belongs to training.
 */
const unreadText = /(^|\.)(position_ids|logit_scale|attn_mask)$/

/**
 * The names of a CLIP text encoder's tensors to transformers', from OpenCLIP's or from transformers' own with or
 * without the leading `text_model.`. OpenCLIP stores query, key and value in one: they are given as rows of it, which
 * are neighbouring bytes.
 *
 * @returns the tensors by transformers' names, and the names that stand for nothing known
 */
export function textNames(tensors: ReadonlyMap<string, Tensor>): { weights: Map<string, Tensor>; unknown: string[] } {
  const weights = new Map<string, Tensor>()
  const unknown: string[] = []
  const open = isOpenClip(tensors)
  for (const [name, tensor] of tensors) {
    const renamed = open ? fromOpenClip(name, tensor) : fromTransformers(name, tensor)
    const isNew = renamed.length > 0 && renamed.every(([key]) => !weights.has(key))
    if (!isNew && !unreadText.test(name)) unknown.push(name)
    else for (const [key, value] of renamed) weights.set(key, value)
  }
  return { weights, unknown }
}

function fromTransformers(name: string, tensor: Tensor): [string, Tensor][] {
  const full = /^(embeddings|encoder|final_layer_norm)\./.test(name) ? `text_model.${name}` : name
  return transformersNames.test(full) ? [[full, tensor]] : []
}

function fromOpenClip(name: string, tensor: Tensor): [string, Tensor][] {
  if (name === 'text_projection') return [['text_projection.weight', { ...tensor, transposed: true }]]
  const single = openClipSingle.get(name)
  if (single) return [[single, tensor]]
  const [, layer, rest = ''] = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(name) ?? []
  return openClipLayer(`text_model.encoder.layers.${layer}.`, rest, tensor)
}

/**
 * A tensor of one of OpenCLIP's layers, of text and of pictures alike, by transformers' names; none if it is unknown.
 *
 * @param start what those begin with
 * @param rest its own name within the layer
 */
export function openClipLayer(start: string, rest: string, tensor: Tensor): [string, Tensor][] {
  const packed = /^attn\.in_proj_(weight|bias)$/.exec(rest)
  if (packed) {
    return ['q', 'k', 'v'].map((what, i) => [`${start}self_attn.${what}_proj.${packed[1]}`, third(tensor, i)])
  }
  const plain = openClip.get(rest)
  return plain ? [[start + plain, tensor]] : []
}

/** One of three equal runs of rows. */
export function third(tensor: Tensor, index: number): Tensor {
  const [rows = 0, ...others] = tensor.shape
  if (rows % 3 !== 0)
    throw new CheckpointError(`One of its in_proj has ${rows} rows, which are not three times as many.`)
  const length = tensor.length / 3
  return { ...tensor, shape: [rows / 3, ...others], offset: tensor.offset + index * length, length }
}
