import { listedModel } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { refusals } from '../http/schemas.ts'
import { listModels } from './list-models.ts'

export function registerGetModel(app: App, deps: Pick<Deps, 'state' | 'defaultModel'>): void {
  app.route({
    method: 'GET',
    url: '/v1/models/:id',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      operationId: 'getModel',
      summary: 'A model',
      params: z.object({ id: z.string() }),
      response: { 200: listedModel, ...refusals('not_found') },
    },
    handler: async (request) => {
      const model = (await listModels(deps, callerOf(request))).find(({ id }) => id === request.params.id)
      if (!model) throw new HttpProblem('not_found', 'there is no such model')
      return model
    },
  })
}
