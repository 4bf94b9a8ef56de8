import { keyLimits, usage } from '@pentimento/contracts'
import { fromLimits, toUsage } from '@pentimento/state'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { refusals } from '../http/schemas.ts'

export function registerUsage(app: App, deps: Pick<Deps, 'state'>): void {
  app.route({
    method: 'GET',
    url: '/v1/usage',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      operationId: 'getUsage',
      summary: 'What your jobs use now, and the limits of your key',
      response: { 200: usage.extend({ limits: keyLimits }), ...refusals() },
    },
    handler: async (request, reply) => {
      const { tenant, limits } = callerOf(request)
      reply.header('cache-control', 'no-store')
      return { ...toUsage(tenant, await deps.state.tenants.usage(tenant)), limits: fromLimits(limits) }
    },
  })
}
