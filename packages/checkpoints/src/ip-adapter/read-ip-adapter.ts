import { CheckpointError, quote } from '../errors.ts'
import { recognise } from '../kinds/recognise.ts'
import { count } from '../networks/unet-layout.ts'
import { expectShapes } from '../safetensors/expect-shapes.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { Weights } from '../weights.ts'

/**
 * An IP-Adapter: it makes tokens of what an image encoder says of a picture, and keys and values of them that a UNet's
 * layers read beside the text (Ye et al. 2023, arXiv:2308.06721).
 */
export interface IpAdapter {
  file: SafetensorsFile
  /** `plain` reads the numbers that sum a picture up; `plus` and `full` those of each square of it. */
  kind: 'plain' | 'plus' | 'full'
  /** By their names in the file. */
  weights: Weights
  /** How many numbers of the encoder it reads: of the summary, or of each square. */
  encoderWidth: number
  /** How many tokens it makes; null for as many as the encoder has squares, and one more. */
  tokens: number | null
  /** Numbers for each token: as many as the model's text has. */
  contextWidth: number
  /** Numbers of keys and values alike, for each of the UNet's layers that read the text, in the file's order. */
  widths: readonly number[]
}

/** Each of its heads has so many numbers. */
export const resamplerHead = 64
const plainTokens = 4

/** @throws CheckpointError with what the file is instead, or why it cannot be taken */
export async function readIpAdapter(path: string): Promise<IpAdapter> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== 'ip-adapter')
    throw new CheckpointError(`It is ${recognised.what} (${recognised.told}), and no IP-Adapter.`)
  const weights = file.tensors
  const kind = kindOf(weights)
  const projection = { plain: plainFacts, plus: plusFacts, full: fullFacts }[kind](weights)
  const layers = count(weights, (i) => `ip_adapter.${2 * i + 1}.to_k_ip.weight`)
  const widths = Array.from({ length: layers }, (_, i) => dim(weights, keyName(i), 0))
  expectShapes(weights, pairs(widths, projection.contextWidth), 'It')
  const known = new Set([...projection.shapes.map(([name]) => name), ...pairs(widths, 0).map(([name]) => name)])
  expectShapes(weights, projection.shapes, 'It')
  const other = [...weights.keys()].find((name) => !known.has(name))
  if (other !== undefined)
    throw new CheckpointError(`It has ${quote(other)}, which is none of an IP-Adapter's layers: it is of another kind.`)
  const { encoderWidth, tokens, contextWidth } = projection
  return { file, kind, weights, encoderWidth, tokens, contextWidth, widths }
}

/**
 * The weights of keys for the UNet's n-th layer that reads the text, of all in the order down, up, middle: every second
 * of diffusers' attention processors.
 */
export function keyName(layer: number): string {
  return `ip_adapter.${2 * layer + 1}.to_k_ip.weight`
}

export function valueName(layer: number): string {
  return `ip_adapter.${2 * layer + 1}.to_v_ip.weight`
}

function kindOf(weights: Weights): IpAdapter['kind'] {
  const has = (name: string) => weights.has(`image_proj.${name}`)
  const names = [...weights.keys()]
  const isFace =
    has('perceiver_resampler.proj_in.weight') ||
    (has('proj.0.weight') && !has('proj.3.weight')) ||
    names.some((name) => /^(ip_adapter|lora)\..*_lora\./.test(name))
  if (isFace)
    throw new CheckpointError(
      'It is an IP-Adapter FaceID, which reads what insightface says of a face: the models of that may not be used commercially, and it is not supported. Take a plain or plus IP-Adapter.',
    )
  if (has('proj.weight')) return 'plain'
  if (has('proj.3.weight')) return 'full'
  if (has('latents')) return 'plus'
  throw new CheckpointError('Its projection of the picture (image_proj) is of no kind that is known, or not complete.')
}

type Shapes = (readonly [name: string, shape: readonly number[]])[]

interface Facts extends Pick<IpAdapter, 'encoderWidth' | 'tokens' | 'contextWidth'> {
  /** Of all weights of the projection. */
  shapes: Shapes
}

function plainFacts(weights: Weights): Facts {
  const [all, encoderWidth] = [0, 1].map((axis) => dim(weights, 'image_proj.proj.weight', axis)) as [number, number]
  const contextWidth = dim(weights, 'image_proj.norm.weight', 0)
  if (all !== plainTokens * contextWidth)
    throw new CheckpointError(`It makes ${all} numbers of a picture, which are not ${plainTokens} tokens of the text.`)
  const shapes: Shapes = [
    ['image_proj.proj.weight', [all, encoderWidth]],
    ['image_proj.proj.bias', [all]],
    ...norm('image_proj.norm', contextWidth),
  ]
  return { encoderWidth, tokens: plainTokens, contextWidth, shapes }
}

function fullFacts(weights: Weights): Facts {
  const [wide, encoderWidth] = [0, 1].map((axis) => dim(weights, 'image_proj.proj.0.weight', axis)) as [number, number]
  const contextWidth = dim(weights, 'image_proj.proj.2.weight', 0)
  const shapes: Shapes = [
    ['image_proj.proj.0.weight', [wide, encoderWidth]],
    ['image_proj.proj.0.bias', [wide]],
    ['image_proj.proj.2.weight', [contextWidth, wide]],
    ['image_proj.proj.2.bias', [contextWidth]],
    ...norm('image_proj.proj.3', contextWidth),
  ]
  return { encoderWidth, tokens: null, contextWidth, shapes }
}

function plusFacts(weights: Weights): Facts {
  const [tokens, width] = [1, 2].map((axis) => dim(weights, 'image_proj.latents', axis)) as [number, number]
  const encoderWidth = dim(weights, 'image_proj.proj_in.weight', 1)
  const contextWidth = dim(weights, 'image_proj.proj_out.weight', 0)
  const inner = dim(weights, 'image_proj.layers.0.0.to_q.weight', 0)
  const wide = dim(weights, 'image_proj.layers.0.1.1.weight', 0)
  if (inner % resamplerHead !== 0)
    throw new CheckpointError(`It attends with ${inner} numbers, which do not make heads of ${resamplerHead}.`)
  const depth = count(weights, (i) => `image_proj.layers.${i}.0.to_q.weight`)
  const shapes: Shapes = [
    ['image_proj.latents', [1, tokens, width]],
    ['image_proj.proj_in.weight', [width, encoderWidth]],
    ['image_proj.proj_in.bias', [width]],
    ['image_proj.proj_out.weight', [contextWidth, width]],
    ['image_proj.proj_out.bias', [contextWidth]],
    ...norm('image_proj.norm_out', contextWidth),
  ]
  for (let i = 0; i < depth; i++) {
    const name = `image_proj.layers.${i}`
    shapes.push(...['0.norm1', '0.norm2', '1.0'].flatMap((which) => norm(`${name}.${which}`, width)))
    shapes.push(
      [`${name}.0.to_q.weight`, [inner, width]],
      [`${name}.0.to_kv.weight`, [2 * inner, width]],
      [`${name}.0.to_out.weight`, [width, inner]],
      [`${name}.1.1.weight`, [wide, width]],
      [`${name}.1.3.weight`, [width, wide]],
    )
  }
  return { encoderWidth, tokens, contextWidth, shapes }
}

function norm(name: string, width: number): Shapes {
  return [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ]
}

function pairs(widths: readonly number[], contextWidth: number): Shapes {
  return widths.flatMap(
    (width, i): Shapes => [
      [keyName(i), [width, contextWidth]],
      [valueName(i), [width, contextWidth]],
    ],
  )
}

/** @throws CheckpointError where there is none */
function dim(weights: Weights, name: string, axis: number): number {
  const size = weights.get(name)?.shape[axis]
  if (size) return size
  throw new CheckpointError(`It lacks ${quote(name)}, or has it empty: it is not complete. Fetch the file again.`)
}
