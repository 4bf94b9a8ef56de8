import { basename, dirname, join } from 'node:path'
import { headWidth } from '../blocks/shapes.ts'
import type { Activation } from '../checkpoint.ts'
import { CheckpointError } from '../errors.ts'
import type { Kind } from '../kinds/kind.ts'
import { recognise } from '../kinds/recognise.ts'
import { count } from '../networks/unet-layout.ts'
import { isObject, type JsonObject, readJsonObject } from '../read-json.ts'
import { expectShapes } from '../safetensors/expect-shapes.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { Weights } from '../weights.ts'
import { imageEncoderNames } from './image-encoder-names.ts'

/** CLIP's encoder of pictures, read from its file. */
export interface ImageEncoder {
  file: SafetensorsFile
  /** By transformers' names without `vision_model.`, and `visual_projection.weight`. */
  weights: Weights
  /** Of the square picture that it reads, in pixels. */
  side: number
  /** Of the squares that it cuts that into. */
  patch: number
  /** Numbers for each of them. */
  width: number
  layers: number
  heads: number
  activation: Activation
  /** Numbers that sum the picture up; null without that projection. */
  projected: number | null
}

/** Heads of the encoders that people have, by their width: ViT-B, L, H, g and bigG. Others have one for each 64. */
const knownHeads: Record<number, number> = { 768: 12, 1024: 16, 1280: 16, 1408: 16, 1664: 16 }

/**
 * Reads an encoder of pictures. Its heads and activation stand in config.json where it lies as diffusers lays it
 * (`model.safetensors` in a folder of its own), else in NAME.json beside it; where nothing says them they are those of
 * the known encoder of its width.
 *
 * @throws CheckpointError with what the file is instead, or what is wrong with it
 */
export async function readImageEncoder(path: string): Promise<ImageEncoder> {
  const { file, config } = await readWithConfig(path, 'image-encoder', 'no image encoder')
  return imageEncoderOf(file, config)
}

/** @param none what it is not, for errors @throws CheckpointError if it is of another kind */
export async function readWithConfig(
  path: string,
  kind: Kind,
  none: string,
): Promise<{ file: SafetensorsFile; config: JsonObject }> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== kind) throw new CheckpointError(`It is ${recognised.what} (${recognised.told}), and ${none}.`)
  const name = basename(path).replace(/\.safetensors$/i, '')
  const beside = /^model(\.fp16)?$/.test(name) ? 'config.json' : `${name}.json`
  return { file, config: (await readJsonObject(join(dirname(path), beside), beside)) ?? {} }
}

/** @throws CheckpointError if it is not whole, or its layers do not fit together */
export function imageEncoderOf(file: SafetensorsFile, config: JsonObject): ImageEncoder {
  const weights = imageEncoderNames(file.tensors)
  const shapeOf = (name: string): readonly number[] => weights.get(name)?.shape ?? []
  const [width = 0, , patch = 0] = shapeOf('embeddings.patch_embedding.weight')
  const [places = 0] = shapeOf('embeddings.position_embedding.weight')
  const layers = count(weights, (i) => `encoder.layers.${i}.layer_norm1.weight`)
  const squares = Math.sqrt(places - 1)
  if (layers < 2 || width < 1 || patch < 1 || squares < 1 || !Number.isInteger(squares))
    throw new CheckpointError('Its image encoder is not complete, or does not cut pictures into squares.')
  const [wide = 0] = shapeOf('encoder.layers.0.mlp.fc1.weight')
  expectShapes(weights, shapes({ width, patch, places, layers, wide }), 'Its image encoder')
  const projection = weights.get('visual_projection.weight')
  const projected = (projection?.transposed ? projection.shape[1] : projection?.shape[0]) ?? null
  if (projected !== null) expectShapes(weights, [['visual_projection.weight', [projected, width]]], 'Its image encoder')
  const said = statedIn(config)
  const heads = headsOf(width, said.num_attention_heads)
  const activation = activationOf(width, said.hidden_act, file.tensors.has('visual.conv1.weight'))
  return { file, weights, side: squares * patch, patch, width, layers, heads, activation, projected }
}

/** Every weight of the encoder that its graph reads, but for the projection. */
function* shapes(of: { width: number; patch: number; places: number; layers: number; wide: number }) {
  const { width, patch, places, wide } = of
  yield ['embeddings.class_embedding', [width]] as const
  yield ['embeddings.patch_embedding.weight', [width, 3, patch, patch]] as const
  yield ['embeddings.position_embedding.weight', [places, width]] as const
  for (const norm of ['pre_layrnorm', 'post_layernorm'])
    for (const leaf of ['weight', 'bias']) yield [`${norm}.${leaf}`, [width]] as const
  for (let i = 0; i < of.layers; i++) {
    const layer = `encoder.layers.${i}`
    for (const norm of [1, 2])
      for (const leaf of ['weight', 'bias']) yield [`${layer}.layer_norm${norm}.${leaf}`, [width]] as const
    for (const [name, outputs, inputs] of [
      ...['q', 'k', 'v', 'out'].map((which) => [`self_attn.${which}_proj`, width, width] as const),
      ['mlp.fc1', wide, width] as const,
      ['mlp.fc2', width, wide] as const,
    ]) {
      yield [`${layer}.${name}.weight`, [outputs, inputs]] as const
      yield [`${layer}.${name}.bias`, [outputs]] as const
    }
  }
}

/** transformers leaves out of its configs what is as its class has it; other files say what they say. */
function statedIn(config: JsonObject): JsonObject {
  const own = isObject(config.vision_config) ? config.vision_config : config
  if (own === config && config.model_type === undefined) return own
  return { num_attention_heads: 12, hidden_act: 'quick_gelu', ...own }
}

function headsOf(width: number, stated: unknown): number {
  const heads = stated ?? knownHeads[width] ?? Math.max(1, Math.floor(width / headWidth))
  if (typeof heads === 'number' && Number.isSafeInteger(heads) && heads > 0 && width % heads === 0) return heads
  throw new CheckpointError(
    `Its image encoder cannot have ${typeof heads === 'number' ? heads : 'such'} heads over ${width} numbers. State how many it has in the JSON file beside it (config.json beside model.safetensors, else NAME.json), as in {"num_attention_heads": 16}.`,
  )
}

/** OpenAI's encoders, ViT-B and L, have the quick one; those of OpenCLIP the plain one. */
function activationOf(width: number, stated: unknown, isOpenClip: boolean): Activation {
  if (stated === 'gelu' || stated === 'quick_gelu') return stated
  if (stated !== undefined)
    throw new CheckpointError('Its image encoder has a hidden_act that is neither gelu nor quick_gelu.')
  return !isOpenClip && (width === 768 || width === 1024) ? 'quick_gelu' : 'gelu'
}
