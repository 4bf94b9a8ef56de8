import { CheckpointError, quote } from '../errors.ts'
import type { Heads } from '../sidecar.ts'
import type { Tensor } from '../weights.ts'

/** Of every group norm in these UNets and VAEs. */
const groupCount = 32

export const groups = {
  count: groupCount,
  /** @throws CheckpointError if the channels of a norm do not make whole groups */
  channelsOf({ shape }: Tensor, name: string): number {
    const [channels = 0] = shape
    if (shape.length === 1 && channels > 0 && channels % groupCount === 0) return channels
    throw new CheckpointError(
      `Its layer ${quote(name)} has ${shape.join('×')} channels, which do not make ${groupCount} groups.`,
    )
  },
}

/** Height and width of a convolution's kernel. */
export function convolutionShape({ shape }: Tensor, name: string): [number, number] {
  const [, , height, width] = shape
  if (height !== undefined && width !== undefined) return [height, width]
  throw new CheckpointError(`Its layer ${quote(name)} is no convolution, as it should be.`)
}

/**
 * The stored shape of a linear layer's weight, [outputs, inputs] or reversed. A 1×1 convolution is the same numbers.
 */
export function linearShape(
  { shape, transposed }: Tensor,
  name: string,
): {
  shape: [number, number]
  transposed: boolean
} {
  const [rows, columns, height = 1, width = 1] = shape
  if (rows === undefined || columns === undefined || height !== 1 || width !== 1)
    throw new CheckpointError(`Its layer ${quote(name)} is no linear layer, as it should be.`)
  return { shape: [rows, columns], transposed: transposed === true }
}

/** Channels of each attention head where a model has as many heads as that makes. */
export const headWidth = 64

/**
 * @param member what of `heads` in a sidecar is about this network
 * @param stated as a sidecar or config says
 * @param fallback where nothing is stated; by default one head for each whole 64 channels, and one at least
 */
export function headCount(
  width: number,
  member: keyof Heads,
  stated: number | undefined,
  fallback = Math.max(1, Math.floor(width / headWidth)),
): number {
  const heads = stated ?? fallback
  if (width % heads === 0) return heads
  throw new CheckpointError(
    `Attention over ${width} channels cannot have ${heads} heads. State how many it has in the JSON file beside the weights (NAME.json beside a file, pentimento.json in a folder), as in {"heads": {"${member}": 8}}.`,
  )
}
