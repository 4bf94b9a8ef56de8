import type { Parameters } from '@pentimento/contracts'
import type { FoundAdapters } from '../adapters/find-adapters.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { JobFailure } from './job-failure.ts'

/** The model that a job is run with: the one it names, with its LoRAs folded in. @throws JobFailure if one of them is not here */
export function modelFor(model: ModelRef, { loras }: Pick<Parameters, 'loras'>, found: FoundAdapters): ModelRef {
  const chosen = loras.map(({ name, weight, text_weight: textWeight }) => {
    const path = found.loras.get(name)
    if (path === undefined) throw new JobFailure('not_supported', `This worker has no LoRA ${JSON.stringify(name)}.`)
    return { name, path, weight, textWeight }
  })
  const active = chosen.filter(({ weight, textWeight }) => weight !== 0 || textWeight !== 0)
  return active.length === 0 ? model : { ...model, loras: active }
}
