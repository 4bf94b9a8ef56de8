import type { ModelEntry } from '@pentimento/contracts'
import type { FoundAdapters } from '../adapters/find-adapters.ts'
import type { Config } from '../config.ts'
import type { FoundModels } from '../models/find-models.ts'

/** What this worker says of its models. */
export function announced({ models, incomplete }: FoundModels, { safetyChecker }: FoundAdapters): ModelEntry[] {
  const entries = [...[...models.values()].map(({ entry }) => entry), ...incomplete]
  return entries.map((entry) => ({ ...entry, safety_checker: safetyChecker !== null }))
}

/** @throws Error where all results are to be looked at, and there is nothing to do it with */
export function checkSafety(
  { safety, models }: Pick<Config, 'safety' | 'models'>,
  { safetyChecker }: Pick<FoundAdapters, 'safetyChecker'>,
): void {
  if (safety === 'off' || safetyChecker !== null) return
  throw new Error(
    `SAFETY_CHECKER=${safety}, but there is no safety checker: put the folder safety_checker of a diffusers model, with model.safetensors and config.json, into ${models.dir}`,
  )
}
