import { open } from 'node:fs/promises'
import { CheckpointError, quote } from '../errors.ts'
import { recognise } from '../kinds/recognise.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { CheckpointPart } from '../split-parts.ts'
import type { Tensor, Weights } from '../weights.ts'

type TextPart = Extract<CheckpointPart, 'text_encoder' | 'text_encoder_2'>

/** The vectors of a word (textual inversion), read but not yet held to a model. */
export interface Embedding {
  file: SafetensorsFile
  /** For the only text encoder of a model; or for both of SDXL's. */
  vectors: { only: Tensor } | Record<TextPart, Tensor>
  /** How many tokens it stands for. */
  count: number
}

/** A prompt's chunk has no room for more. */
const mostVectors = 75

/**
 * Every layout: AUTOMATIC1111's `emb_params` and `string_to_param.*`, SDXL's `clip_l` with `clip_g`, and diffusers' one
 * tensor under the word's own name.
 *
 * @throws CheckpointError
 */
export async function readEmbedding(path: string): Promise<Embedding> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== 'embedding')
    throw new CheckpointError(`It is ${recognised.what} (${recognised.told}), and no embedding.`)
  return embeddingOf(file, file.tensors)
}

const bundledName = /^bundle_emb\.([^.]+)\.(.+)$/s

/** Whether a tensor of a LoRA file belongs to an embedding that comes with it. */
export function isBundled(name: string): boolean {
  return bundledName.test(name)
}

/**
 * Embeddings that come in a LoRA's file, by the words they stand for: `bundle_emb.WORD.` before the names that a file
 * of their own would have.
 *
 * @throws CheckpointError naming the one that is none
 */
export function bundledEmbeddings(file: SafetensorsFile): Map<string, Embedding> {
  const words = new Map<string, Map<string, Tensor>>()
  for (const [name, tensor] of file.tensors) {
    const [, word, own] = bundledName.exec(name) ?? []
    if (word === undefined || own === undefined) continue
    words.set(word, (words.get(word) ?? new Map()).set(own, tensor))
  }
  const read = [...words].map(([word, tensors]): [string, Embedding] => {
    try {
      return [word, embeddingOf(file, tensors)]
    } catch (error) {
      throw error instanceof CheckpointError
        ? new CheckpointError(`The embedding ${quote(word)} in it is none: ${error.message}`)
        : error
    }
  })
  return new Map(read)
}

function embeddingOf(file: SafetensorsFile, tensors: Weights): Embedding {
  const [first, second] = [tensors.get('clip_l'), tensors.get('clip_g')]
  const [only] = tensors.values()
  const vectors =
    first && second ? { text_encoder: rows(first), text_encoder_2: rows(second) } : only && { only: rows(only) }
  if (!vectors || (tensors.size > 1 && 'only' in vectors))
    throw new CheckpointError('It has two tensors that are no pair of clip_l and clip_g.')
  const counts = Object.values(vectors).map(({ shape }) => shape[0] ?? 0)
  const [count = 0] = counts
  if (counts.some((other) => other !== count))
    throw new CheckpointError('Its two tensors have different numbers of vectors.')
  if (count < 1 || count > mostVectors)
    throw new CheckpointError(`It has ${count} vectors; 1 to ${mostVectors} fit into a prompt.`)
  return { file, vectors, count }
}

/** One vector may be stored without its count. */
function rows(tensor: Tensor): Tensor {
  const { shape, dtype } = tensor
  if (shape.length < 1 || shape.length > 2 || !/^(B?F16|F32)$/.test(dtype))
    throw new CheckpointError(`It has ${shape.join('×') || 'one number'} of ${dtype} where vectors belong.`)
  return tensor.shape.length === 1 ? { ...tensor, shape: [1, ...tensor.shape] } : tensor
}

/**
 * The vectors for each of a model's text encoders.
 *
 * @param widths of the model's encoders, in numbers a token
 * @throws CheckpointError with both widths if they are not the same
 */
export function fitEmbedding(
  { vectors }: Embedding,
  widths: Partial<Record<TextPart, number>>,
): Partial<Record<TextPart, Tensor>> {
  const parts = Object.keys(widths) as TextPart[]
  const [part] = parts
  if ('only' in vectors) {
    if (parts.length !== 1 || part === undefined)
      throw new CheckpointError(
        `It has ${width(vectors.only)} numbers a vector for one text encoder, and this model has two.`,
      )
    checkWidth(vectors.only, widths[part])
    return { [part]: vectors.only }
  }
  if (parts.length === 1 && part === 'text_encoder')
    throw new CheckpointError('It was made for SDXL, with vectors for two text encoders, and this model has one.')
  for (const one of parts) checkWidth(vectors[one], widths[one])
  return Object.fromEntries(parts.map((one) => [one, vectors[one]]))
}

function width({ shape }: Tensor): number {
  return shape[1] ?? 0
}

function checkWidth(tensor: Tensor, wanted: number | undefined): void {
  if (width(tensor) === wanted) return
  throw new CheckpointError(`It has ${width(tensor)} numbers a vector, and this model's text encoder takes ${wanted}.`)
}

/** What a tensor holds, as float32. @throws CheckpointError if the file has become shorter */
export async function readFloats({ file, dtype, length, offset }: Tensor): Promise<Float32Array> {
  const bytes = new Uint8Array(length)
  const handle = await open(file, 'r')
  const { bytesRead } = await handle.read(bytes, 0, length, offset).finally(() => handle.close())
  if (bytesRead < length) throw new CheckpointError('It became shorter while it was read.')
  if (dtype === 'F32') return new Float32Array(bytes.buffer)
  if (dtype === 'F16') return Float32Array.from(new Float16Array(bytes.buffer))
  return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer)
}
