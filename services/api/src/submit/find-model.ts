import type { ModelEntry } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import { fieldProblem } from '../http/problem.ts'

/** Finds the catalogue's entry of the model that a request names, or of the default one. */
export type FindModel = (caller: Caller, named: string | undefined) => Promise<ModelEntry>

const freshMs = 1000

/**
 * A finder that reads the catalogue once a second at most while it finds what is asked for, since every submit asks. A model without a worker right now is
 * fine: its jobs wait.
 */
export function createFindModel(deps: Deps): FindModel {
  let read: { at: number; models: ModelEntry[] } = { at: -Infinity, models: [] }
  return async (caller, named) => {
    const id = named ?? deps.defaultModel
    const find = () => read.models.filter(mayUse(caller)).find((entry) => entry.id === id)
    const known = performance.now() - read.at < freshMs ? find() : undefined
    if (known) return known
    const catalogue = await deps.state.workers.catalogue()
    read = { at: performance.now(), models: catalogue.map(({ entry }) => entry) }
    const model = find()
    if (model) return model
    const names = read.models.filter(mayUse(caller)).map((entry) => entry.id)
    const detail = names.length === 0 ? 'no worker has announced a model yet' : `known: ${names.join(', ')}`
    throw fieldProblem('unknown_model', 'model', detail)
  }
}

/** Whether a caller may see and use a model. */
export function mayUse(caller: Caller): (model: ModelEntry) => boolean {
  const { allowedModels } = caller.limits
  return (model) => allowedModels === undefined || allowedModels.includes(model.id)
}
