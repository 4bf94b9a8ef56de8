import { CheckpointError, quote } from '../errors.ts'
import type { Tensor, Weights } from '../weights.ts'
import type { Control } from './control.ts'

const hint = 'controlnet_cond_embedding'
/** Convolutions between the first and the last of what reads the picture; every second one halves its size. */
export const hintBlocks = 6

/** The layers that read the picture, in order. */
export const hintLayers: readonly string[] = [
  `${hint}.conv_in`,
  ...Array.from({ length: hintBlocks }, (_, i) => `${hint}.blocks.${i}`),
  `${hint}.conv_out`,
]

/** @throws CheckpointError if the layers that read the picture do not follow each other from colours to the UNet */
export function checkHint(weights: Weights): void {
  if (weights.has(`${hint}.blocks.${hintBlocks}.weight`))
    throw new CheckpointError(`It reads its picture in more than ${hintBlocks + 2} layers: it is of another kind.`)
  let channels = 3
  for (const name of hintLayers) {
    const [outputs = 0, inputs, height, width] = tensorAt(weights, `${name}.weight`).shape
    if (name.endsWith('conv_in') && inputs !== channels)
      throw new CheckpointError(`It is guided by pictures of ${inputs} channels, not of three colours.`)
    if (inputs !== channels || height !== 3 || width !== 3 || outputs === 0)
      throw new CheckpointError(`Its layer ${quote(name)} does not follow the one before: it is not complete.`)
    channels = outputs
  }
  if (channels !== tensorAt(weights, 'conv_in.weight').shape[0])
    throw new CheckpointError('What it reads of its picture has another width than its own layers.')
}

export function controlNetFamily(weights: Weights): Control['family'] {
  if (weights.has('add_embedding.linear_1.weight')) return { value: 'sdxl', told: 'it takes pooled text and sizes' }
  const projection = [...weights].find(([name]) => /\.attentions\.\d+\.proj_in\.weight$/.test(name))
  return projection?.[1].shape.length === 2
    ? { value: 'sd2', told: 'its attention has linear projections, and it takes no sizes' }
    : { value: 'sd1', told: 'its attention has projections by convolution' }
}

/** @throws CheckpointError if there is none */
export function tensorAt(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name)
  if (!tensor) throw new CheckpointError(`It lacks ${quote(name)}: it is not complete. Fetch the file again.`)
  return tensor
}
