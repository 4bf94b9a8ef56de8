import { CheckpointError, quote } from '../errors.ts'
import { count } from '../networks/unet-layout.ts'
import type { Weights } from '../weights.ts'
import type { AdapterShape, Control } from './control.ts'
import { tensorAt } from './controlnet-facts.ts'

/** Of the channels of its first layer, which sees squares of pixels at once. */
const kinds = new Map<number | undefined, Pick<AdapterShape, 'gathered' | 'colours'>>([
  [64, { gathered: 8, colours: 1 }],
  [192, { gathered: 8, colours: 3 }],
  [256, { gathered: 16, colours: 1 }],
  [768, { gathered: 16, colours: 3 }],
])

/**
 * From the file's names and shapes. That for SDXL (16 pixels a side) halves once, before its third level; all others
 * before every level but the first.
 *
 * @throws CheckpointError if layers are missing or do not follow each other
 */
export function adapterShape(weights: Weights): AdapterShape {
  const isLight = !weights.has('conv_in.weight')
  const first = tensorAt(weights, isLight ? 'body.0.in_conv.weight' : 'conv_in.weight')
  const kind = kinds.get(first.shape[1])
  if (!kind || (isLight && kind.gathered === 16))
    throw new CheckpointError(
      `Its first layer takes ${first.shape[1]} channels, which are no squares of 8 or 16 pixels.`,
    )
  const halvesAt = (level: number) => (kind.gathered === 16 ? level === 2 : level > 0)
  const levels: AdapterShape['levels'][number][] = []
  let channels = isLight ? (first.shape[1] ?? 0) : layer(weights, 'conv_in', first.shape[1] ?? 0, 3)
  let factor: number = kind.gathered
  const found = count(weights, (i) => `body.${i}.resnets.0.block1.weight`)
  for (let i = 0; i < found; i++) {
    const name = `body.${i}`
    const halves = halvesAt(i)
    if (halves) factor *= 2
    if (weights.has(`${name}.in_conv.weight`)) channels = layer(weights, `${name}.in_conv`, channels, 1)
    const blocks = count(weights, (n) => `${name}.resnets.${n}.block1.weight`)
    for (let n = 0; n < blocks; n++) {
      layer(weights, `${name}.resnets.${n}.block1`, channels, 3, channels)
      layer(weights, `${name}.resnets.${n}.block2`, channels, isLight ? 3 : 1, channels)
    }
    if (isLight) channels = layer(weights, `${name}.out_conv`, channels, 1)
    levels.push({ channels, factor, halves, blocks })
  }
  if (levels.length === 0) throw new CheckpointError('It has no levels: it is not complete. Fetch the file again.')
  return { ...kind, levels }
}

/** @returns its channels @throws CheckpointError if the convolution is not as it should be */
function layer(weights: Weights, name: string, inputs: number, side: number, outputs?: number): number {
  const [given = 0, taken, height, width] = tensorAt(weights, `${name}.weight`).shape
  const [biases] = tensorAt(weights, `${name}.bias`).shape
  const fits = taken === inputs && height === side && width === side && biases === given
  if (fits && given > 0 && (outputs === undefined || outputs === given)) return given
  throw new CheckpointError(`Its layer ${quote(name)} does not follow the one before: it is of another kind.`)
}

export function adapterFamily({ gathered }: AdapterShape): Control['family'] {
  return gathered === 16
    ? { value: 'sdxl', told: 'it sees squares of 16 pixels' }
    : { value: 'sd1', told: 'it sees squares of 8 pixels' }
}
