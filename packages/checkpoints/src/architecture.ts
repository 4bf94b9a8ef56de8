import { CheckpointError } from './errors.ts'
import type { CheckpointPart } from './split-parts.ts'
import type { Weights } from './weights.ts'

export type Family = 'sd1' | 'sd2' | 'sdxl' | 'sdxl-refiner'

/** What the shapes of a UNet's weights say. */
export interface UnetFacts {
  /** Of its input: 4 are the latents, 9 those and the mask and what is around it. */
  channels: number
  /** Numbers of the text for each token. */
  contextWidth: number
  /** Numbers of the embedding of pooled text and sizes (SDXL), or null without. */
  addedWidth: number | null
  /** Numbers of the embedding of the guidance scale, in models that were distilled over it (LCM), or null. */
  guidanceWidth: number | null
  /** Whether projections before and after attention are linear layers, else 1×1 convolutions. */
  linearProjections: boolean
  /** Whether the lowest level down has attention. */
  attendsLast: boolean
}

/** @throws CheckpointError if it is no UNet that is known, with what tells so */
export function unetFacts(unet: Weights): UnetFacts {
  const shape = (name: string) => unet.get(name)?.shape
  const [, channels] = shape('conv_in.weight') ?? []
  const [outChannels] = shape('conv_out.weight') ?? []
  const names = [...unet.keys()]
  const firstShape = (pattern: RegExp) => shape(names.find((name) => pattern.test(name)) ?? '')
  const projection = firstShape(/\.attentions\.\d+\.proj_in\.weight$/)
  const [, contextWidth] = firstShape(/\.transformer_blocks\.0\.attn2\.to_k\.weight$/) ?? []
  if (channels === undefined || outChannels === undefined || contextWidth === undefined || !projection) {
    throw new CheckpointError('Its UNet is not complete: it has no layers that take the text. Fetch the file again.')
  }
  if (outChannels !== 4)
    throw new CheckpointError(`Its UNet gives ${outChannels} channels, and latents have 4: it is no image model.`)
  const purpose = new Map([
    [5, 'reads a depth map'],
    [8, 'is made for editing by instructions (InstructPix2Pix)'],
  ]).get(channels)
  if (purpose) throw new CheckpointError(`Its UNet ${purpose}, which is not supported.`)
  if (channels !== 4 && channels !== 9)
    throw new CheckpointError(`Its UNet takes ${channels} channels; 4 and 9 (inpainting) are supported.`)
  const levels = names
    .map((name) => Number(/^down_blocks\.(\d+)\./.exec(name)?.[1] ?? 0))
    .reduce((a, b) => Math.max(a, b), 0)
  return {
    channels,
    contextWidth,
    addedWidth: shape('add_embedding.linear_1.weight')?.[1] ?? null,
    guidanceWidth: shape('time_embedding.cond_proj.weight')?.[1] ?? null,
    linearProjections: projection.length === 2,
    attendsLast: names.some((name) => name.startsWith(`down_blocks.${levels}.attentions.`)),
  }
}

/** What the shapes of a text encoder's weights say. */
export interface TextFacts {
  /** Numbers for each token. */
  width: number
  layers: number
  /** Numbers that sum the whole text up, or null without that projection. */
  pooledWidth: number | null
}

/** @param what how errors call it @throws CheckpointError if it is not complete */
export function textFacts(text: Weights, what: string): TextFacts {
  const [places, width] = text.get('text_model.embeddings.position_embedding.weight')?.shape ?? []
  const numbers = [...text.keys()].map((name) => Number(/^text_model\.encoder\.layers\.(\d+)\./.exec(name)?.[1] ?? -1))
  const layers = 1 + numbers.reduce((a, b) => Math.max(a, b), -1)
  const [words] = text.get('text_model.embeddings.token_embedding.weight')?.shape ?? []
  if (width === undefined || words === undefined || layers === 0)
    throw new CheckpointError(`Its ${what} is not complete. Fetch the file again.`)
  if (places !== 77) throw new CheckpointError(`Its ${what} reads ${places} tokens; those of Stable Diffusion read 77.`)
  const projection = text.get('text_projection.weight')
  const pooledWidth = projection ? (projection.transposed ? projection.shape[1] : projection.shape[0]) : undefined
  return { width, layers, pooledWidth: pooledWidth ?? null }
}

/** How often each side is halved on the way to the latents. */
const halvings = 3

/**
 * @throws CheckpointError for a VAE whose latents are of another size than Stable Diffusion's: an eighth of the picture
 */
export function checkVaeFactor(vae: Weights | undefined): void {
  if (!vae?.has('encoder.conv_in.weight')) return
  const found = [...vae.keys()].filter((name) =>
    /^encoder\.down_blocks\.\d+\.downsamplers\.0\.conv\.weight$/.test(name),
  )
  if (found.length === halvings) return
  throw new CheckpointError(
    `Its VAE makes pictures ${2 ** found.length} times smaller, and Stable Diffusion's ${2 ** halvings} times: it is one of another kind, or not complete.`,
  )
}

/** A fact with how it was told, in words. */
export interface Told<Value> {
  value: Value
  told: string
}

/**
 * The family of a model, from the structure of its networks: widths are nobody's mark, since relatives of every width
 * exist.
 *
 * @throws CheckpointError if its text encoders do not go with its UNet
 */
export function familyOf(unet: UnetFacts, texts: Partial<Record<CheckpointPart, TextFacts>>): Told<Family> {
  const { text_encoder: first, text_encoder_2: second } = texts
  checkWidths(unet, [first, second])
  if (unet.addedWidth === null) {
    return unet.linearProjections
      ? { value: 'sd2', told: "the UNet's attention has linear projections, and takes no sizes" }
      : { value: 'sd1', told: "the UNet's attention has projections by convolution" }
  }
  if (!unet.linearProjections)
    throw new CheckpointError('Its UNet takes sizes, as SDXL, with projections by convolution: no such model is known.')
  if (first) return { value: 'sdxl', told: 'the UNet takes pooled text and sizes, and there is a first text encoder' }
  if (second && second.width === unet.contextWidth) {
    return { value: 'sdxl-refiner', told: 'the UNet takes pooled text and sizes, and the second text encoder alone' }
  }
  return unet.attendsLast
    ? { value: 'sdxl', told: 'the UNet takes pooled text and sizes, and its lowest level has attention' }
    : { value: 'sdxl-refiner', told: 'the UNet takes pooled text and sizes, and its lowest level has no attention' }
}

function checkWidths({ contextWidth, addedWidth }: UnetFacts, texts: (TextFacts | undefined)[]): void {
  const [first, second] = texts
  const present = texts.filter((text) => text !== undefined)
  if (present.length === 0) return
  const total = present.reduce((sum, { width }) => sum + width, 0)
  const isOpen = addedWidth !== null && !(first && second)
  if (isOpen ? total > contextWidth : total !== contextWidth) {
    const given = present.map(({ width }) => width).join(' + ')
    throw new CheckpointError(
      `Its text encoders give ${given} numbers a token, and its UNet takes ${contextWidth}: they do not belong together.`,
    )
  }
}
