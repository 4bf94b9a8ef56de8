import { CheckpointError } from '../errors.ts'
import { third } from '../names/text-names.ts'
import { count } from '../networks/unet-layout.ts'
import { expectShapes } from '../safetensors/expect-shapes.ts'
import type { Tensor, Weights } from '../weights.ts'
import { tensorAt } from './controlnet-facts.ts'

/** How many kinds of pictures the files tell apart that there are: xinsir's first, and its ProMax. */
const known: readonly number[] = [6, 8]

/** What a union ControlNet has besides a ControlNet, by its class in diffusers, which spells them so. */
export const unionLayers = {
  types: 'task_embedding',
  layer: (i: number) => `transformer_layes.${i}`,
  shift: 'spatial_ch_projs',
  time: 'control_add_embedding',
} as const

/** Whether it is one, complete or not. */
export function isUnion(weights: Weights): boolean {
  return weights.has(unionLayers.types) || weights.has(`${unionLayers.time}.linear_1.weight`)
}

/** How many layers stand between a picture's mean and the shift that it gives. */
export function unionDepth(weights: Weights): number {
  return count(weights, (i) => `${unionLayers.layer(i)}.ln_1.weight`)
}

/**
 * A ControlNet's weights, of its attention those alone that give values: each picture's mean is the only token that
 * it sees ({@link writeUnion}), whatever queries and keys would make of it.
 */
export function unionWeights(weights: Weights): Map<string, Tensor> {
  return new Map(
    [...weights].map(([name, tensor]): [string, Tensor] => {
      const [, start, leaf] = /^(transformer_layes\.\d+\.attn)\.in_proj_(weight|bias)$/.exec(name) ?? []
      return start === undefined ? [name, tensor] : [`${start}.value.${leaf}`, third(tensor, 2)]
    }),
  )
}

/**
 * How many kinds of pictures a union ControlNet tells apart.
 *
 * @param weights of {@link unionWeights}
 * @throws CheckpointError if it is not complete, or tells apart what nobody here has names for
 */
export function unionTypes(weights: Weights): number {
  const [types = 0, width = 0] = tensorAt(weights, unionLayers.types).shape
  if (!known.includes(types))
    throw new CheckpointError(
      `It is a union of ${types} kinds of pictures: those of ${known.join(' and ')} are supported.`,
    )
  const { time, shift, layer } = unionLayers
  const [channels = 0] = tensorAt(weights, 'conv_in.weight').shape
  const [embedded = 0] = tensorAt(weights, 'time_embedding.linear_2.weight').shape
  const [hidden = 0, waves = 0] = tensorAt(weights, `${time}.linear_1.weight`).shape
  if (!Number.isInteger(waves / types / 2) || waves === 0)
    throw new CheckpointError(`It takes ${waves} numbers of its ${types} kinds of pictures, which do not divide.`)
  const depth = unionDepth(weights)
  if (depth === 0) throw new CheckpointError(`It lacks "${layer(0)}.ln_1.weight": it is not complete. Fetch it again.`)
  const linear = (name: string, outputs: number, inputs: number): [string, number[]][] => [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ]
  const norm = (name: string): [string, number[]][] => ['weight', 'bias'].map((leaf) => [`${name}.${leaf}`, [width]])
  const shapes = Array.from({ length: depth }, (_, i) => layer(i)).flatMap((name) => {
    const [wide = 0] = tensorAt(weights, `${name}.mlp.c_fc.weight`).shape
    return [
      ...norm(`${name}.ln_1`),
      ...norm(`${name}.ln_2`),
      ...linear(`${name}.attn.value`, width, width),
      ...linear(`${name}.attn.out_proj`, width, width),
      ...linear(`${name}.mlp.c_fc`, wide, width),
      ...linear(`${name}.mlp.c_proj`, width, wide),
    ]
  })
  const outer = [
    [unionLayers.types, [types, channels]] as const,
    ...linear(shift, channels, width),
    ...linear(`${time}.linear_1`, hidden, waves),
    ...linear(`${time}.linear_2`, embedded, hidden),
  ]
  expectShapes(weights, [...outer, ...shapes], 'It')
  return types
}
