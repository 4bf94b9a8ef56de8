import { CheckpointError, quote } from '../errors.ts'
import { ldmUnetNames } from '../names/ldm-unet.ts'
import type { Tensor, Weights } from '../weights.ts'

const prefix = 'control_model.'

/** LDM's names of what a ControlNet has besides the half of a UNet, and diffusers'. */
const own: readonly (readonly [RegExp, string])[] = [
  [/^zero_convs\.(\d+)\.0\.(weight|bias)$/, 'controlnet_down_blocks.$1.$2'],
  [/^middle_block_out\.0\.(weight|bias)$/, 'controlnet_mid_block.$1'],
  [/^input_hint_block\.0\.(weight|bias)$/, 'controlnet_cond_embedding.conv_in.$1'],
  [/^input_hint_block\.14\.(weight|bias)$/, 'controlnet_cond_embedding.conv_out.$1'],
]
const hintLayer = /^input_hint_block\.(\d+)\.(weight|bias)$/

/**
 * A ControlNet's weights by the names of diffusers' class: of a file in its layout, or in LDM's, where the ControlNet
 * may stand beside a whole checkpoint.
 *
 * @throws CheckpointError naming what is none of its layers
 */
export function controlNetNames(tensors: Weights): Map<string, Tensor> {
  if (tensors.has('controlnet_cond_embedding.conv_in.weight')) return new Map(tensors)
  const isWrapped = tensors.has(`${prefix}zero_convs.0.0.weight`)
  const bare = [...tensors]
    .filter(([name]) => !isWrapped || name.startsWith(prefix))
    .map(([name, tensor]): [string, Tensor] => [isWrapped ? name.slice(prefix.length) : name, tensor])
  const renamed = bare.map(([name, tensor]): [string, Tensor] => [ownName(name) ?? name, tensor])
  const weights = new Map(renamed.filter(([name]) => isOwn(name)))
  const half = ldmUnetNames(new Map(renamed.filter(([name]) => !isOwn(name))))
  const [unknown] = half.unknown
  if (unknown !== undefined)
    throw new CheckpointError(
      `It has ${quote(unknown)}, which is none of a ControlNet's layers: it is of another kind.`,
    )
  for (const [name, tensor] of half.weights) weights.set(name, tensor)
  return weights
}

function isOwn(name: string): boolean {
  return name.startsWith('controlnet_')
}

function ownName(name: string): string | null {
  const rule = own.find(([pattern]) => pattern.test(name))
  if (rule) return name.replace(...rule)
  const [, place, leaf] = hintLayer.exec(name) ?? []
  // Activations stand between the layers.
  return place === undefined ? null : `controlnet_cond_embedding.blocks.${Number(place) / 2 - 1}.${leaf}`
}
