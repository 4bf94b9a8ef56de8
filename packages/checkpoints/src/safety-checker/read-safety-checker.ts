import { CheckpointError } from '../errors.ts'
import { type ImageEncoder, imageEncoderOf, readWithConfig } from '../image-encoder/read-image-encoder.ts'
import { expectShapes } from '../safetensors/expect-shapes.ts'
import type { Tensor } from '../weights.ts'

/** Directions that a picture's summary is held to, and from which cosine on each counts. */
export interface Concepts {
  /** [concepts, projected] */
  embeddings: Tensor
  /** [concepts] */
  thresholds: Tensor
}

/** Stable Diffusion's safety checker (Rando et al. 2022, arXiv:2210.04610, describe it), read from its file. */
interface SafetyChecker {
  encoder: ImageEncoder
  /** Of what is to be found. */
  concepts: Concepts
  /** Of what makes the others count a little sooner. */
  special: Concepts
}

const itsWhat = 'This safety checker'

/** @throws CheckpointError with what the file is instead, or what is wrong with it */
export async function readSafetyChecker(path: string): Promise<SafetyChecker> {
  const { file, config } = await readWithConfig(path, 'safety-checker', 'no safety checker')
  const encoder = imageEncoderOf(file, config)
  const { projected } = encoder
  if (projected === null) throw new CheckpointError('It lacks "visual_projection.weight": it is not complete.')
  const [concepts, special] = ['concept_embeds', 'special_care_embeds'].map((name): Concepts => {
    const [count = 0] = file.tensors.get(`${name}_weights`)?.shape ?? []
    const wanted = [
      [name, [count, projected]],
      [`${name}_weights`, [count]],
    ] as const
    expectShapes(file.tensors, wanted, itsWhat)
    const [embeddings, thresholds] = wanted.map(([tensor]) => file.tensors.get(tensor))
    if (
      count > 0 &&
      embeddings &&
      thresholds &&
      [embeddings, thresholds].every(({ dtype }) => /^(B?F16|F32)$/.test(dtype))
    )
      return { embeddings, thresholds }
    throw new CheckpointError(`${itsWhat} has no ${name} in F32, F16 or BF16.`)
  }) as [Concepts, Concepts]
  return { encoder, concepts, special }
}
