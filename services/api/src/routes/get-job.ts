import { job } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf, keyEndedSignal } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { absentJob, jobParams, jobPath, refusals, signature, waitSeconds } from '../http/schemas.ts'
import { foundJob, jobView } from '../jobs.ts'

export function registerGetJob(app: App, deps: Pick<Deps, 'state' | 'auth' | 'publicUrl' | 'draining'>): void {
  app.route({
    method: 'GET',
    url: jobPath,
    config: { scope: 'read', signed: [jobPath] },
    schema: {
      tags: ['Jobs'],
      operationId: 'getJob',
      summary: 'A job as it is now, or as it is when it ends',
      params: jobParams,
      querystring: z.strictObject({
        token: signature,
        wait: waitSeconds.default(0).describe('seconds to wait for the end of the job, at most 60'),
      }),
      response: { 200: job, ...refusals(...absentJob) },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const { tenant } = caller
      const { wait } = request.query
      const keyEnded = keyEndedSignal(deps, request, reply)
      const lookup =
        wait > 0
          ? await deps.state.jobs.wait(tenant, request.params.id, {
              timeoutMs: wait * 1000,
              signal: AbortSignal.any([clientSignal(reply), keyEnded, deps.draining]),
            })
          : await deps.state.jobs.get(tenant, request.params.id)
      if (keyEnded.aborted) throw keyEnded.reason
      reply.header('cache-control', 'no-store')
      return jobView(deps, foundJob(lookup), caller)
    },
  })
}
