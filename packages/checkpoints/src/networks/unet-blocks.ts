import type { Layers } from '../blocks/layers.ts'
import { resnet } from '../blocks/resnet.ts'
import { type Reference, transformer } from '../blocks/transformer.ts'
import type { Value } from '../graph/graph.ts'
import type { Level } from './unet-layout.ts'

/** Of every group norm in UNets. */
export const epsilon = 1e-5

/** What every block is told: the activated embedding of the noise level, and the text. */
interface BlockInputs {
  time: Value
  context: Value
  /** What an IP-Adapter says of a picture. */
  reference?: Reference
}

/** The residual blocks of a level, each with the attention that follows it. */
export function passLevel(
  layers: Layers,
  image: Value,
  { resnets, transformers }: Pick<Level, 'resnets' | 'transformers'>,
  { time, context, reference }: BlockInputs,
): Value {
  return resnets.reduce((before, name, i) => {
    const passed = resnet(layers, before, name, { epsilon, time })
    const attention = transformers[i]
    return attention ? transformer(layers, passed, context, attention, reference) : passed
  }, image)
}

/**
 * The way down: of a UNet, and of its copy in a ControlNet.
 *
 * @param atLevel changes what a level ends with: where it reads the text before the size is halved, else after that
 * (T2I-Adapter, in diffusers' blocks)
 * @returns what comes out below, and all that the way up is given, from the picture down
 */
export function passDown(
  layers: Layers,
  first: Value,
  levels: readonly Level[],
  told: BlockInputs,
  atLevel: (value: Value, level: number) => Value = (value) => value,
): { image: Value; skips: Value[] } {
  let image = first
  const skips = [first]
  levels.forEach((level, number) => {
    const { resnets, transformers, resample } = level
    const attends = readsText(level)
    resnets.forEach((name, i) => {
      image = passLevel(layers, image, { resnets: [name], transformers: [transformers[i] ?? null] }, told)
      const isLast = i === resnets.length - 1
      if (isLast && (attends || resample === null)) image = atLevel(image, number)
      skips.push(image)
    })
    if (resample === null) return
    image = layers.conv(image, resample, { stride: 2 })
    if (!attends) image = atLevel(image, number)
    skips.push(image)
  })
  return { image, skips }
}

/** Whether a level reads the text. */
export function readsText({ transformers }: Pick<Level, 'transformers'>): boolean {
  return transformers.some((attention) => attention !== null)
}
