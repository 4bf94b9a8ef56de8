import { modelList } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
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
    handler: async (request) => {
      const allowed = mayUse(callerOf(request))
      const catalogue = await deps.state.workers.catalogue()
      return {
        data: catalogue
          .filter(({ entry }) => allowed(entry))
          .map(({ entry, available }) => ({ ...entry, available, default: entry.id === deps.defaultModel })),
      }
    },
  })
}
