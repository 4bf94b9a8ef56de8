import { headCount } from '../blocks/shapes.ts'
import type { Transformer } from '../blocks/transformer.ts'
import { CheckpointError } from '../errors.ts'
import type { Heads } from '../sidecar.ts'
import type { Weights } from '../weights.ts'

/** Blocks of one resolution, in the order in which a picture passes them. */
export interface Level {
  /** Names of the residual blocks. */
  resnets: string[]
  /** What follows each of them; null without attention there. */
  transformers: (Transformer | null)[]
  /** Name of the convolution that halves or doubles the size at the end. */
  resample: string | null
}

/** The half of a UNet that a ControlNet has too. */
export interface DownLayout {
  down: Level[]
  /** Its transformers stand between its residual blocks. Some distilled models have none. */
  middle: Level | null
}

/** How a UNet is built, told from the names and shapes of its weights. */
export interface UnetLayout extends DownLayout {
  up: Level[]
}

/** @throws CheckpointError if blocks are missing, or heads do not go with the channels */
export function unetLayout(unet: Weights, stated: Heads['unet']): UnetLayout {
  const { down, middle } = downLayout(unet, stated)
  const up = count(unet, (i) => `up_blocks.${i}.resnets.0.norm1.weight`)
  if (down.length === 0 || up !== down.length) {
    throw new CheckpointError(
      `Its UNet has ${down.length} levels down and ${up} up: it is not complete. Fetch the file again.`,
    )
  }
  const levels = Array.from({ length: up }, (_, i) => i)
  const levelUp = (i: number) => level(unet, `up_blocks.${i}`, 'upsamplers', headsAt(stated, up - 1 - i))
  return { down, middle, up: levels.map(levelUp) }
}

/** @throws CheckpointError if heads do not go with the channels */
export function downLayout(unet: Weights, stated: Heads['unet']): DownLayout {
  const levels = count(unet, (i) => `down_blocks.${i}.resnets.0.norm1.weight`)
  const middle = level(unet, 'mid_block', '', headsAt(stated, levels - 1))
  const levelDown = (_: unknown, i: number) => level(unet, `down_blocks.${i}`, 'downsamplers', headsAt(stated, i))
  return { down: Array.from({ length: levels }, levelDown), middle: middle.resnets.length > 0 ? middle : null }
}

function headsAt(stated: Heads['unet'], level: number): number | undefined {
  return typeof stated === 'object' ? stated[level] : stated
}

function level(unet: Weights, name: string, resamplers: string, heads: number | undefined): Level {
  const resnets = count(unet, (i) => `${name}.resnets.${i}.norm1.weight`)
  const resample = `${name}.${resamplers}.0.conv`
  return {
    resnets: Array.from({ length: resnets }, (_, i) => `${name}.resnets.${i}`),
    transformers: Array.from({ length: resnets }, (_, i) => transformerAt(unet, `${name}.attentions.${i}`, heads)),
    resample: unet.has(`${resample}.weight`) ? resample : null,
  }
}

function transformerAt(unet: Weights, name: string, stated: number | undefined): Transformer | null {
  const projection = unet.get(`${name}.proj_in.weight`)
  if (!projection) return null
  const [channels = 0] = projection.shape
  const isLinear = projection.shape.length === 2
  const depth = count(unet, (i) => `${name}.transformer_blocks.${i}.norm1.weight`)
  return { name, channels, depth, isLinear, heads: headCount(channels, 'unet', stated, isLinear ? undefined : 8) }
}

/**
 * The layers that read the text, as in `down_blocks.0.attentions.0.transformer_blocks.0.attn2`, in the order of
 * diffusers' attention processors: down, up, middle.
 */
export function crossAttentions({ down, middle, up }: UnetLayout): { name: string; channels: number }[] {
  const transformers = [...down, ...up, ...(middle ? [middle] : [])].flatMap((level) => level.transformers)
  return transformers.flatMap((one) =>
    Array.from({ length: one?.depth ?? 0 }, (_, i) => ({
      name: `${one?.name}.transformer_blocks.${i}.attn2`,
      channels: one?.channels ?? 0,
    })),
  )
}

/** How many names there are, numbered from 0. */
export function count(weights: Weights, name: (index: number) => string): number {
  let found = 0
  while (weights.has(name(found))) found++
  return found
}
