import { job } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf, keyEndedSignal, unauthorized } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { absentJob, jobParams, refusals, waitSeconds } from '../http/schemas.ts'
import { foundJob, jobView } from '../jobs.ts'

export function registerGetJob(app: App, deps: Pick<Deps, 'state' | 'auth' | 'publicUrl' | 'draining'>): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs/:id',
    config: { scope: 'read' },
    schema: {
      tags: ['Jobs'],
      operationId: 'getJob',
      summary: 'A job as it is now, or as it is when it ends',
      params: jobParams,
      querystring: z.strictObject({
        wait: waitSeconds.default(0).describe('seconds to wait for the end of the job, at most 60'),
      }),
      response: { 200: job, ...refusals(...absentJob) },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const { wait } = request.query
      const keyEnded = keyEndedSignal(deps, request, reply)
      const lookup =
        wait > 0
          ? await deps.state.jobs.wait(tenant, request.params.id, {
              timeoutMs: wait * 1000,
              signal: AbortSignal.any([clientSignal(reply), keyEnded, deps.draining]),
            })
          : await deps.state.jobs.get(tenant, request.params.id)
      if (keyEnded.aborted) throw unauthorized()
      reply.header('cache-control', 'no-store')
      return jobView(deps, foundJob(lookup))
    },
  })
}
