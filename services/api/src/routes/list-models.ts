import { type AdapterEntry, type ListedModel, modelList, whyUnfit } from '@pentimento/contracts'
import type { CatalogueEntry } from '@pentimento/state'
import type { App, Deps } from '../deps.ts'
import { type Caller, callerOf } from '../http/auth.ts'
import { refusals } from '../http/schemas.ts'
import { mayUse } from '../submit/find-model.ts'

/** Every file that models take, with those that take it. */
function adaptersOf(catalogue: readonly CatalogueEntry[]) {
  const keyOf = ({ kind, name }: AdapterEntry) => `${kind} ${name}`
  const all = new Map(catalogue.flatMap(({ adapters }) => (adapters ?? []).map((one) => [keyOf(one), one])))
  return [...all].map(([key, adapter]) => {
    const takes = ({ entry, adapters }: CatalogueEntry) =>
      adapters?.some((one) => keyOf(one) === key) && whyUnfit(adapter, entry) === null
    return { ...adapter, models: catalogue.filter(takes).map(({ entry }) => entry.id) }
  })
}

export function registerListModels(app: App, deps: Pick<Deps, 'state' | 'defaultModel'>): void {
  app.route({
    method: 'GET',
    url: '/v1/models',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      operationId: 'listModels',
      summary: 'Models that jobs can name, and whether a worker serves them now',
      response: { 200: modelList, ...refusals() },
    },
    handler: async (request) => {
      const catalogue = await allowedModels(deps, callerOf(request))
      const data = catalogue.map((one) => listed(one, deps.defaultModel))
      return { object: 'list' as const, data, adapters: adaptersOf(catalogue) }
    },
  })
}

/** Those that a caller may use. */
export async function listModels(deps: Pick<Deps, 'state' | 'defaultModel'>, caller: Caller): Promise<ListedModel[]> {
  return (await allowedModels(deps, caller)).map((one) => listed(one, deps.defaultModel))
}

async function allowedModels({ state }: Pick<Deps, 'state'>, caller: Caller): Promise<CatalogueEntry[]> {
  return (await state.workers.catalogue()).filter(({ entry }) => mayUse(caller)(entry))
}

function listed({ entry, available }: CatalogueEntry, defaultModel: string): ListedModel {
  const isDefault = entry.id === defaultModel
  return { ...entry, available, default: isDefault, object: 'model', created: 0, owned_by: 'pentimento' }
}
