import type { UnetSignature } from '../folder/signature.ts'
import type { Floats } from '../ort/values.ts'
import type { ImageTokens } from '../reference/open-reference.ts'
import type { Conditioning } from '../text/encode-prompt.ts'
import { guidanceEmbedding } from './guidance.ts'

/** One half of guidance: what the UNet is told, the size conditioning of SDXL included. */
export interface Branch {
  conditioning: Conditioning
  timeIds: readonly number[] | null
  /** Null for a UNet that takes none. */
  reference: ImageTokens | null
}

/** What the UNet is asked for one image and one half of guidance. Nothing in it depends on the rows beside it. */
export interface UnetRow {
  /**
   * The latents as the model takes them, then what an inpaint model takes beside them, planar [channels, height,
   * width].
   */
  sample: Float32Array
  /** The number that the model is told for the noise level; rounded by the session if the model takes integers. */
  timestep: number
  /** Every other input by its name in the graph; `dims` without the batch. */
  inputs: Readonly<Record<string, Floats>>
}

/** The inputs of a UNet beside sample and timestep. */
export type BranchSignature = Pick<UnetSignature, 'context' | 'pooled' | 'timeIds' | 'guidanceEmbedding' | 'reference'>

/** The inputs of a row that stay the same over all steps. */
export function branchInputs(
  signature: BranchSignature,
  { conditioning, timeIds, reference }: Branch,
  guidanceScale: number,
): UnetRow['inputs'] {
  const { context, tokens, width, pooled } = conditioning
  const inputs: Record<string, Floats> = { [signature.context]: { data: context, dims: [tokens, width] } }
  const add = (name: string, values: ArrayLike<number>): void => {
    inputs[name] = { data: Float32Array.from(values), dims: [values.length] }
  }
  if (signature.pooled) add(signature.pooled, pooled ?? [])
  if (signature.timeIds) add(signature.timeIds.name, timeIds ?? [])
  if (signature.guidanceEmbedding) {
    const { name, size } = signature.guidanceEmbedding
    add(name, guidanceEmbedding(guidanceScale, size))
  }
  if (signature.reference && reference) {
    inputs[signature.reference.keys] = reference.keys
    inputs[signature.reference.values] = reference.values
  }
  return inputs
}

/** Whether one run can take both: every input of the one is as large as the other's. */
export function canJoin(one: UnetRow, other: UnetRow): boolean {
  return (
    one.sample.length === other.sample.length &&
    Object.entries(one.inputs).every(([name, { dims }]) => dims.join() === other.inputs[name]?.dims.join())
  )
}
