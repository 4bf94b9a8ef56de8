import type { Parameters } from '@pentimento/contracts'
import type { ChosenEmbedding } from '@pentimento/pipeline'
import type { FoundAdapters } from '../adapters/find-adapters.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { JobFailure } from './job-failure.ts'

/**
 * The model that a job is run with: the one it names, with its LoRAs folded in.
 *
 * @throws JobFailure if one of them is not here
 */
export function modelFor(model: ModelRef, { loras }: Pick<Parameters, 'loras'>, found: FoundAdapters): ModelRef {
  const chosen = loras.map(({ name, weight, text_weight: textWeight }) => {
    const path = found.loras.get(name)
    if (path === undefined) throw new JobFailure('not_supported', `This worker has no LoRA ${JSON.stringify(name)}.`)
    return { name, path, weight, textWeight }
  })
  const active = chosen.filter(({ weight, textWeight }) => weight !== 0 || textWeight !== 0)
  return active.length === 0 ? model : { ...model, loras: active }
}

/**
 * Embeddings that a job's prompts may name: which of them they do is told by tokens, when the prompts are read. Those
 * that do not go with the model are left out; naming one of them as a word was refused.
 */
export function embeddingsFor(
  modelId: string,
  { prompt, negative_prompt }: Pick<Parameters, 'prompt' | 'negative_prompt'>,
  found: FoundAdapters,
): ChosenEmbedding[] {
  const text = `${prompt}\n${negative_prompt}`.toLowerCase()
  return [...found.embeddings].flatMap(([name, path]) => {
    const entry = found.entries.find((one) => one.kind === 'embedding' && one.name === name)
    const isFit = entry?.unfit[modelId] === undefined
    return isFit && text.includes(name.toLowerCase()) ? [{ name, path }] : []
  })
}
