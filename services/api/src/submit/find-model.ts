import type { Adapters, ModelEntry } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import { fieldProblem, HttpProblem } from '../http/problem.ts'

/** A model with what its workers have for it to take. */
export type KnownModel = ModelEntry & { adapters: Adapters }

/** The models of the deployment as submits see them. */
export interface KnownModels {
  /** The catalogue's entry of the model that a request names, or of the default one. @throws HttpProblem */
  find(caller: Caller, named: string | undefined): Promise<KnownModel>
  /** Ids of those that the caller may use. */
  usable(caller: Caller): Promise<string[]>
}

const freshMs = 1000
/** Workers announce themselves every five seconds. */
const announcedSeconds = 5

/**
 * Reads the catalogue once a second at most while what is asked for is in it, since every submit asks. A model without
 * a worker right now is fine: its jobs wait.
 */
export function createKnownModels(deps: Pick<Deps, 'state' | 'defaultModel'>): KnownModels {
  let read: { at: number; models: KnownModel[] } = { at: -Infinity, models: [] }

  const isFresh = () => performance.now() - read.at < freshMs
  async function refresh(): Promise<void> {
    const catalogue = await deps.state.workers.catalogue()
    read = { at: performance.now(), models: catalogue.map(({ entry, adapters }) => ({ ...entry, adapters })) }
  }

  return {
    async find(caller, named) {
      const id = named ?? deps.defaultModel
      const find = () => read.models.filter(mayUse(caller)).find((entry) => entry.id === id)
      const known = isFresh() ? find() : undefined
      if (known) return whole(known)
      await refresh()
      const model = find()
      if (model) return whole(model)
      if (read.models.length === 0) {
        throw new HttpProblem('no_worker', 'try again shortly', { retryAfterSeconds: announcedSeconds })
      }
      const names = read.models.filter(mayUse(caller)).map((entry) => entry.id)
      const detail = names.length === 0 ? 'your key may use none of the models' : `known: ${names.join(', ')}`
      throw fieldProblem('unknown_model', 'model', detail)
    },

    async usable(caller) {
      if (!isFresh()) await refresh()
      return read.models.filter(mayUse(caller)).flatMap(({ id, missing }) => (missing.length === 0 ? [id] : []))
    },
  }
}

/** @throws HttpProblem with what the model lacks */
function whole(model: KnownModel): KnownModel {
  if (model.missing.length === 0) return model
  throw fieldProblem('not_supported', 'model', `${model.id} cannot be run: ${model.missing.join(' ')}`)
}

/** Whether a caller may see and use a model. */
export function mayUse(caller: Caller): (model: ModelEntry) => boolean {
  const { allowedModels } = caller.limits
  return (model) => allowedModels === undefined || allowedModels.includes(model.id)
}
