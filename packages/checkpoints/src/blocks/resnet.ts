import type { Value } from '../graph/graph.ts'
import type { Layers } from './layers.ts'

/**
 * A residual block.
 *
 * @param time the activated embedding of the noise level, in UNets
 */
export function resnet(
  layers: Layers,
  image: Value,
  name: string,
  { epsilon, time }: { epsilon: number; time?: Value },
): Value {
  const first = layers.conv(layers.groupNorm(image, `${name}.norm1`, { epsilon, silu: true }), `${name}.conv1`)
  const told = time === undefined ? first : layers.addVector(first, layers.dense(time, `${name}.time_emb_proj`))
  const second = layers.conv(layers.groupNorm(told, `${name}.norm2`, { epsilon, silu: true }), `${name}.conv2`)
  const hasShortcut = layers.writer.has(`${name}.conv_shortcut.weight`)
  return layers.add(hasShortcut ? layers.conv(image, `${name}.conv_shortcut`) : image, second)
}
