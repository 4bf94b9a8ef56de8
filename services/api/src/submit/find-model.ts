import type { ModelEntry } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import { fieldProblem } from '../http/problem.ts'

/** The catalogue's entry of the model that a request names, or of the default one. A model without a worker right now is fine: its jobs wait. */
export async function findModel(deps: Deps, caller: Caller, named: string | undefined): Promise<ModelEntry> {
  const id = named ?? deps.defaultModel
  const catalogue = await deps.state.workers.catalogue()
  const allowed = catalogue.map(({ entry }) => entry).filter(mayUse(caller))
  const model = allowed.find((entry) => entry.id === id)
  if (model) return model
  const known = allowed.map((entry) => entry.id).join(', ')
  throw fieldProblem('unknown_model', 'model', known === '' ? 'no worker has announced a model yet' : `known: ${known}`)
}

/** Whether a caller may see and use a model. */
export function mayUse(caller: Caller): (model: ModelEntry) => boolean {
  const { allowedModels } = caller.limits
  return (model) => allowedModels === undefined || allowedModels.includes(model.id)
}
