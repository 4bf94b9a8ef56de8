import type { Layers } from '../blocks/layers.ts'
import { sinusoids } from '../blocks/sinusoids.ts'
import type { Value } from '../graph/graph.ts'
import { twoLayers } from '../networks/unet-inputs.ts'
import type { Weights } from '../weights.ts'
import { unionDepth, unionLayers } from './union-facts.ts'

/**
 * What a union ControlNet (xinsir's, by its class in diffusers) makes of the kind of its picture.
 *
 * In diffusers the attention between picture and latents goes over the rows of a batch, which are all the same of a
 * picture: so a picture's mean sees itself alone, whatever else is in the batch, and heads, queries and keys are of no
 * effect.
 *
 * @param layers over its own weights
 * @param given.type which kind each row's is, [rows, types]: 1 there, else 0
 * @param given.seen what it reads of its pictures
 * @returns what is added to all of `seen`, [rows, channels], and to what residual blocks are told
 */
export function writeUnion(
  layers: Layers,
  weights: Weights,
  { type, types, seen }: { type: Value; types: number; seen: Value },
): { shift: Value; time: Value } {
  const { writer, linear, layerNorm } = layers
  const { node, integers } = writer
  const { time, shift, layer } = unionLayers
  const [, waves = 0] = writer.tensor(`${time}.linear_1.weight`).shape
  const flat = node('Reshape', [type, integers([-1])])
  const told = node('Reshape', [sinusoids(writer, flat, waves / types), integers([-1, waves])])
  const task = node('MatMul', [writer.narrow(type), writer.weight(unionLayers.types)])
  // In float32: onnxruntime sums float16 in float16, and there are more pixels than that has room for.
  const wide = writer.widen(layers.toInterleaved(seen))
  const mean = writer.narrow(node('ReduceMean', [wide, integers([1, 2])], { keepdims: 0 }))
  // A linear layer's fused addition takes tokens, [rows, 1, channels].
  let token = node('Unsqueeze', [layers.add(mean, task), integers([1])])
  for (let i = 0; i < unionDepth(weights); i++) {
    const name = layer(i)
    const value = linear(layerNorm(token, `${name}.ln_1`), `${name}.attn.value`)
    token = layers.addLinear(token, value, `${name}.attn.out_proj`)
    const active = layers.quickGelu(linear(layerNorm(token, `${name}.ln_2`), `${name}.mlp.c_fc`))
    token = layers.addLinear(token, active, `${name}.mlp.c_proj`)
  }
  return {
    shift: node('Squeeze', [linear(token, shift), integers([1])]),
    time: twoLayers(layers, writer.narrow(told), time),
  }
}
