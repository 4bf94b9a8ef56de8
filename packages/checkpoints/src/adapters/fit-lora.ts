import type { Checkpoint } from '../checkpoint.ts'
import { CheckpointError, quote } from '../errors.ts'
import type { CheckpointPart } from '../split-parts.ts'
import type { Tensor } from '../weights.ts'
import { type Change, fitPieces } from './change.ts'
import { type Layer, layerNames } from './layer-names.ts'
import type { Lora } from './lora.ts'
import { familyLabel } from './lora-family.ts'
import type { Pieces } from './pieces.ts'

/** How strongly a LoRA counts in the UNet and in the text encoders. Negative is allowed. */
interface Strengths {
  unet: number
  text: number
}

/** Changes of a part's tensors, by their names. */
type PartChanges = ReadonlyMap<string, readonly Change[]>
export type Changes = Partial<Record<CheckpointPart, PartChanges>>

/** What LoRAs are held to: a model, and the names that its layers may have in them. */
interface LoraTarget extends Pick<Checkpoint, 'family' | 'weights'> {
  names: ReadonlyMap<string, Layer>
}

export function loraTarget({ family, weights }: Pick<Checkpoint, 'family' | 'weights'>): LoraTarget {
  return { family, weights, names: layerNames(weights) }
}

/** A LoRA held to a model. */
interface LoraFit {
  /** What it changes; without strengths, which come with each request. */
  changes: { part: Layer['part']; name: string; change: Omit<Change, 'strength' | 'source'> }[]
  /** How many of its layers the model has, of how many. */
  matched: number
  layers: number
  /** Layers, by their names in the file, that the model lacks. */
  unmatched: string[]
}

/**
 * Finds the model's weights that a LoRA changes.
 *
 * @throws CheckpointError if it was made for another family, if none of its layers is the model's, or if a layer has
 * another shape than the model's
 */
export function fitLora(lora: Lora, model: LoraTarget): LoraFit {
  const { family } = lora
  const own = model.family.value
  const isOther = family !== null && family.value !== own && !(family.value === 'sdxl' && own === 'sdxl-refiner')
  if (isOther)
    throw new CheckpointError(
      `It was made for ${family.label} (${family.told}), and this model is ${familyLabel(own)}.`,
    )
  const fit: LoraFit = { changes: [], matched: 0, layers: lora.modules.size, unmatched: [] }
  for (const [name, pieces] of lora.modules) {
    const layer = model.names.get(name)
    if (layer)
      addChanges(fit, lora, model.weights[layer.part]?.get(`${layer.name}.weight`), { layer, name, pieces }, model)
    else fit.unmatched.push(name)
  }
  if (fit.matched === 0) {
    const first = fit.unmatched.slice(0, 3).map(quote).join(', ')
    throw new CheckpointError(
      `None of its ${lora.modules.size} layers is one of this model's. They begin with ${first}.`,
    )
  }
  return fit
}

function addChanges(
  fit: LoraFit,
  lora: Lora,
  weight: Tensor | undefined,
  { layer, name, pieces }: { layer: Layer; name: string; pieces: Pieces },
  model: LoraTarget,
): void {
  if (!weight) return
  const shape = weight.transposed ? weight.shape.toReversed() : weight.shape
  const [biases = 0] = model.weights[layer.part]?.get(`${layer.name}.bias`)?.shape ?? []
  for (const fitted of fitPieces(pieces, shape, biases)) {
    if ('reason' in fitted) {
      const made = lora.family === null ? 'It was made for another model' : 'It does not fit'
      throw new CheckpointError(`${made}: for ${quote(name)} it has ${fitted.reason}.`)
    }
    const { change, leaf } = fitted
    const rank = pieces.down?.shape[0] ?? 0
    const alpha = lora.alphaOf(name, rank)
    fit.changes.push({ part: layer.part, name: `${layer.name}.${leaf}`, change: { ...change, alpha } })
  }
  fit.matched++
}

/** What several LoRAs come to together, in their order. */
export function changesOf(fits: readonly { fit: LoraFit; strengths: Strengths }[]): Changes {
  const parts: Partial<Record<CheckpointPart, Map<string, Change[]>>> = {}
  for (const [i, { fit, strengths }] of fits.entries()) {
    for (const { part, name, change } of fit.changes) {
      const strength = part === 'unet' ? strengths.unet : strengths.text
      if (strength === 0) continue
      const changes = parts[part] ?? new Map<string, Change[]>()
      parts[part] = changes
      changes.set(name, [...(changes.get(name) ?? []), { ...change, strength, source: `lora ${i}: ${name}` }])
    }
  }
  return parts
}
