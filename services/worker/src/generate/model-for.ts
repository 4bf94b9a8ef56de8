import { type ControlParameters, controlsOf, type JobRequest, type Parameters } from '@pentimento/contracts'
import type { ChosenEmbedding, Enlarging, Safety } from '@pentimento/pipeline'
import { plainUpscaler } from '@pentimento/vocabulary'
import type { FoundAdapters } from '../adapters/find-adapters.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { JobFailure } from './job-failure.ts'

/**
 * The model that a job is run with: the one it names, with its LoRAs folded in, and its IP-Adapter and ControlNets
 * beside.
 *
 * @throws JobFailure if one of them is not here
 */
export function modelFor(
  model: ModelRef,
  {
    loras,
    reference_model,
    reference_scale,
    ...others
  }: Pick<Parameters, 'loras' | 'reference_model' | 'reference_scale'> & Partial<ControlParameters>,
  found: FoundAdapters,
): ModelRef {
  const chosen = loras.map(({ name, weight, text_weight: textWeight }) => {
    const path = found.loras.get(name)
    if (path === undefined) throw new JobFailure('not_supported', `This worker has no LoRA ${JSON.stringify(name)}.`)
    return { name, path, weight, textWeight }
  })
  const active = chosen.filter(({ weight, textWeight }) => weight !== 0 || textWeight !== 0)
  const controls = controlsOf(others).map(({ model: name }) => {
    const control = found.controls.get(name)
    if (!control) throw new JobFailure('not_supported', `This worker has no ControlNet ${JSON.stringify(name)}.`)
    return { name, ...control }
  })
  const isPlain = active.length + controls.length === 0
  const changed = isPlain
    ? model
    : {
        ...model,
        bytes: controls.reduce((sum, { bytes }) => sum + bytes, model.bytes),
        ...(active.length > 0 && { loras: active }),
        ...(controls.length > 0 && { controls: controls.map(({ name, path }) => ({ name, path })) }),
      }
  // At 0 it says nothing.
  if (reference_model === null || !reference_scale) return changed
  const reference = found.references.get(reference_model)
  if (!reference)
    throw new JobFailure('not_supported', `This worker has no IP-Adapter ${JSON.stringify(reference_model)}.`)
  const { bytes, ...files } = reference
  return { ...changed, bytes: changed.bytes + bytes, reference: { name: reference_model, ...files } }
}

/**
 * Embeddings that a job's prompts may name: which of them they do is told by tokens, when the prompts are read. Those
 * that do not go with the model are left out; naming one of them as a word was refused.
 */
export function embeddingsFor(
  modelId: string,
  { prompt, negative_prompt, loras }: Pick<Parameters, 'prompt' | 'negative_prompt' | 'loras'>,
  found: FoundAdapters,
): ChosenEmbedding[] {
  const text = `${prompt}\n${negative_prompt}`.toLowerCase()
  const isNamed = ({ name }: ChosenEmbedding) => text.includes(name.toLowerCase())
  const files = [...found.embeddings].flatMap(([name, path]): ChosenEmbedding[] => {
    const entry = found.entries.find((one) => one.kind === 'embedding' && one.name === name)
    return entry?.unfit[modelId] === undefined ? [{ name, path }] : []
  })
  // A file of the same name goes before what a LoRA brings.
  const bundled = loras.flatMap(({ name: lora }) => {
    const path = found.loras.get(lora) ?? ''
    const words = (found.bundled.get(lora) ?? []).filter((word) => !files.some(({ name }) => name === word))
    return words.map((name): ChosenEmbedding => ({ name, path, isBundled: true }))
  })
  return [...files, ...bundled].filter(isNamed)
}

/** How a job's results are looked at; null where they are not. @throws JobFailure if that cannot be done here */
export function safetyOf({ safety }: Pick<JobRequest, 'safety'>, { safetyChecker }: FoundAdapters): Safety | null {
  if (safety === undefined) return null
  if (safetyChecker === null)
    throw new JobFailure('not_supported', 'Results are to be checked, and this worker has no safety checker.')
  return { policy: safety, checker: safetyChecker }
}

/**
 * How a job's results become larger; null where they stay as they are. @throws JobFailure if its upscaler is not here
 */
export function enlargingFor(
  {
    upscale,
    upscaler,
    hires_strength,
    hires_steps,
  }: Pick<Parameters, 'upscale' | 'upscaler' | 'hires_strength' | 'hires_steps'>,
  found: FoundAdapters,
): Enlarging | null {
  const hires = hires_steps === null ? null : { strength: hires_strength, steps: hires_steps }
  if (upscale === 1 && !hires) return null
  if (upscaler === null || upscaler === plainUpscaler) return { factor: upscale, upscaler: null, hires }
  const path = found.upscalers.get(upscaler)
  if (path === undefined)
    throw new JobFailure('not_supported', `This worker has no upscaler ${JSON.stringify(upscaler)}.`)
  return { factor: upscale, upscaler: { name: upscaler, path }, hires }
}
