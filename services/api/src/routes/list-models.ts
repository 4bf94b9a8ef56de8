import { type ListedModel, modelList } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { type Caller, callerOf } from '../http/auth.ts'
import { problems } from '../http/schemas.ts'
import { mayUse } from '../submit/find-model.ts'

export function registerListModels(app: App, deps: Pick<Deps, 'state' | 'defaultModel'>): void {
  app.route({
    method: 'GET',
    url: '/v1/models',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      summary: 'Models that jobs can name, and whether a worker serves them now',
      response: { 200: modelList, ...problems },
    },
    handler: async (request) => ({ object: 'list' as const, data: await listModels(deps, callerOf(request)) }),
  })
}

/** Those that a caller may use. */
export async function listModels(
  { state, defaultModel }: Pick<Deps, 'state' | 'defaultModel'>,
  caller: Caller,
): Promise<ListedModel[]> {
  const catalogue = await state.workers.catalogue()
  return catalogue
    .filter(({ entry }) => mayUse(caller)(entry))
    .map(({ entry, available }) => ({
      ...entry,
      available,
      default: entry.id === defaultModel,
      object: 'model',
      created: 0,
      owned_by: 'pentimento',
    }))
}
