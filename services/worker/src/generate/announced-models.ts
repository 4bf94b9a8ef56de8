import type { ModelEntry } from '@pentimento/contracts'
import type { Logger } from 'pino'
import { type FoundAdapters, findAdapters } from '../adapters/find-adapters.ts'
import { followAdapters } from '../adapters/follow-adapters.ts'
import type { Config } from '../config.ts'
import type { FoundModels } from '../models/find-models.ts'

/** What this worker says of its models. */
export function announced({ models, incomplete }: FoundModels, { safetyChecker }: FoundAdapters): ModelEntry[] {
  const entries = [...[...models.values()].map(({ entry }) => entry), ...incomplete]
  return entries.map((entry) => ({ ...entry, safety_checker: safetyChecker !== null }))
}

/**
 * What lies beside the models, kept as it is there.
 *
 * @throws Error where all results are to be looked at, and there is nothing to do it with
 */
export function adaptersOf(
  config: Pick<Config, 'safety' | 'models'>,
  found: FoundModels,
  log: Pick<Logger, 'warn'>,
  onChange: () => void,
): ReturnType<typeof followAdapters> {
  return followAdapters({
    dir: config.models.dir,
    read: () => readAdapters(config, found, (message) => log.warn(message)),
    onChange,
    onError: (error) => log.warn({ err: error }, 'what lies beside the models could not be read again'),
  })
}

async function readAdapters(
  { safety, models: { dir } }: Pick<Config, 'safety' | 'models'>,
  { models }: FoundModels,
  warn: (message: string) => void,
): Promise<FoundAdapters> {
  const takers = [...models.values()].map(({ ref, entry }) => ({ id: ref.id, path: ref.dir, layout: entry.layout }))
  const adapters = await findAdapters(dir, takers, warn)
  if (safety === 'off' || adapters.safetyChecker !== null) return adapters
  throw new Error(
    `SAFETY_CHECKER=${safety}, but there is no safety checker: put the folder safety_checker of a diffusers model, with model.safetensors and config.json, into ${dir}`,
  )
}
