import { CheckpointError, quote } from '../errors.ts'
import { recognise } from '../kinds/recognise.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { Tensor, Weights } from '../weights.ts'
import { esrganNames } from './esrgan-names.ts'

/** A network that enlarges pictures, read from its file. */
export interface Upscaler {
  file: SafetensorsFile
  kind: 'esrgan' | 'compact'
  /** How many times as long as before each side becomes. */
  scale: number
  /** What the sides of a picture that goes in must be a multiple of. */
  multiple: number
  /** By the names of Real-ESRGAN's RRDBNet, or of its SRVGGNetCompact. */
  weights: Weights
}

const wrapper = /^(params_ema|params)\./

/** @throws CheckpointError with what the file is instead, or why it cannot be taken */
export async function readUpscaler(path: string): Promise<Upscaler> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== 'upscaler')
    throw new CheckpointError(`It is ${recognised.what} (${recognised.told}), and no upscaler.`)
  const tensors = new Map([...file.tensors].map(([name, tensor]) => [name.replace(wrapper, ''), tensor]))
  return tensors.has('body.0.weight') ? compact(file, tensors) : esrgan(file, tensors)
}

function esrgan(file: SafetensorsFile, tensors: Weights): Upscaler {
  const weights = esrganNames(tensors)
  const ups = count((i) => weights.has(`conv_up${i + 1}.weight`))
  // Pictures of few pixels and many channels: the first layer of those that enlarge less (Real-ESRGAN x2) sees each 2 ×
  // 2 pixels as one.
  const multiple = Math.sqrt(channels(weights, 'conv_first.weight', 1) / 3)
  const scale = 2 ** ups / multiple
  if (![1, 2, 4].includes(multiple) || scale < 1)
    throw new CheckpointError('Its first layer takes no pictures of three colours.')
  checkColours(channels(weights, 'conv_last.weight', 0))
  return { file, kind: 'esrgan', scale, multiple, weights }
}

function compact(file: SafetensorsFile, weights: Weights): Upscaler {
  const odd = [...weights.keys()].find((name) => !/^body\.\d+\.(weight|bias)$/.test(name))
  if (odd !== undefined)
    throw new CheckpointError(`It has ${quote(odd)}, which is none of a compact upscaler's layers.`)
  const layers = count((i) => weights.has(`body.${i}.weight`))
  if (weights.get('body.1.weight')?.shape.length !== 1)
    throw new CheckpointError(
      'Its layers have no PReLU between them, and its file does not tell what they have instead.',
    )
  const colours = channels(weights, 'body.0.weight', 1)
  checkColours(colours)
  const scale = Math.sqrt(channels(weights, `body.${layers - 1}.weight`, 0) / colours)
  if (!Number.isInteger(scale) || scale < 1) throw new CheckpointError('Its last layer makes no whole pixels.')
  return { file, kind: 'compact', scale, multiple: 1, weights }
}

function checkColours(colours: number): void {
  if (colours !== 3) throw new CheckpointError(`It is made for pictures of ${colours} channels, not of three colours.`)
}

function channels(weights: ReadonlyMap<string, Tensor>, name: string, axis: 0 | 1): number {
  const tensor = weights.get(name)
  if (!tensor) throw new CheckpointError(`It lacks ${quote(name)}: it is not complete. Fetch the file again.`)
  return tensor.shape[axis] ?? 0
}

/** How many there are from 0 on. */
export function count(has: (i: number) => boolean): number {
  let i = 0
  while (has(i)) i++
  return i
}
