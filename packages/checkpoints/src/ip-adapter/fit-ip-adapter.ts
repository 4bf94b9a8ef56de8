import { familyLabel } from '../adapters/lora-family.ts'
import type { Family } from '../architecture.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { CheckpointError } from '../errors.ts'
import type { ImageEncoder } from '../image-encoder/read-image-encoder.ts'
import { crossAttentions, unetLayout } from '../networks/unet-layout.ts'
import type { IpAdapter } from './read-ip-adapter.ts'

/** Numbers a token in the families that adapters are made for. */
const families: Record<number, Family> = { 768: 'sd1', 1024: 'sd2', 2048: 'sdxl' }

/** What an adapter was made for; null where its widths are those of no family. */
export function ipAdapterFamily({ contextWidth }: Pick<IpAdapter, 'contextWidth'>): Family | null {
  return families[contextWidth] ?? null
}

/**
 * Holds an adapter to a model.
 *
 * @throws CheckpointError with what it was made for and what the model is, if the layers that read the text differ
 */
export function fitIpAdapter(
  adapter: IpAdapter,
  { family, weights, heads }: Pick<Checkpoint, 'family' | 'weights' | 'heads'>,
): void {
  if (!weights.unet) throw new CheckpointError('This model has no UNet.')
  const layers = crossAttentions(unetLayout(weights.unet, heads.unet))
  const own = layers.map(({ name }) => weights.unet?.get(`${name}.to_k.weight`)?.shape ?? [])
  const isSame =
    own.length === adapter.widths.length &&
    own.every(([width, context], i) => width === adapter.widths[i] && context === adapter.contextWidth)
  if (isSame) return
  const made = ipAdapterFamily(adapter)
  const label = made === null ? 'a model' : `${familyLabel(made)}, a model`
  throw new CheckpointError(
    `It was made for ${label} with ${adapter.widths.length} layers that read ${adapter.contextWidth} numbers a token; this model, ${familyLabel(family.value)}, has ${own.length} that read ${own[0]?.[1] ?? 0}${own.length === adapter.widths.length && own[0]?.[1] === adapter.contextWidth ? ', of other widths' : ''}.`,
  )
}

/** Whether an encoder says of a picture what the adapter reads. */
export function readsEncoder({ kind, encoderWidth }: IpAdapter, encoder: ImageEncoder): boolean {
  return encoderWidth === (kind === 'plain' ? encoder.projected : encoder.width)
}
