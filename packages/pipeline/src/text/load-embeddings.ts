import {
  CheckpointError,
  type Embedding,
  fitEmbedding,
  readEmbedding,
  readFloats,
  readLora,
} from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import type { ChosenEmbedding } from '../request.ts'
import type { TokenEmbedding } from './chunks.ts'
import type { TextEncoder } from './text-encoder.ts'

/**
 * Reads embeddings for a model's text encoders.
 *
 * @throws PipelineError `not_supported` naming the one that does not go with them
 */
export async function loadEmbeddings(
  chosen: readonly ChosenEmbedding[],
  encoders: readonly TextEncoder[],
): Promise<ReadonlyMap<TextEncoder['name'], readonly TokenEmbedding[]>> {
  const found = new Map(encoders.map(({ name }): [TextEncoder['name'], TokenEmbedding[]] => [name, []]))
  for (const { name, path, isBundled } of chosen) {
    const refuse = (reason: string, cause?: unknown): never => {
      throw new PipelineError('not_supported', `The embedding ${name}: ${reason}`, { cause })
    }
    if (encoders.some(({ signature }) => signature.overrides === null))
      refuse('only models of .safetensors take embeddings.')
    try {
      const embedding = isBundled ? await readBundled(path, name) : await readEmbedding(path)
      const vectors = fitEmbedding(
        embedding,
        Object.fromEntries(encoders.map((encoder) => [encoder.name, widthOf(encoder)])),
      )
      for (const encoder of encoders) {
        const tensor = vectors[encoder.name]
        if (!tensor) continue
        const ids = encoder.tokenizer.encode(name)
        found.get(encoder.name)?.push({ name, ids, vectors: await readFloats(tensor), count: embedding.count })
      }
    } catch (error) {
      if (error instanceof CheckpointError) refuse(error.message, error)
      throw error
    }
  }
  return found
}

async function readBundled(path: string, name: string): Promise<Embedding> {
  const embedding = (await readLora(path)).embeddings.get(name)
  if (!embedding) throw new CheckpointError('The LoRA that brought it has it no more.')
  return embedding
}

function widthOf({ session, last }: TextEncoder): number {
  return Number(session.outputs.find(({ name }) => name === last)?.shape.at(-1))
}
