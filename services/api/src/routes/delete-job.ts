import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { absentJob, jobParams, refusals } from '../http/schemas.ts'
import { eraseObjects, goneProblem } from '../jobs.ts'

export function registerDeleteJob(app: App, deps: Pick<Deps, 'state' | 'store'>): void {
  app.route({
    method: 'DELETE',
    url: '/v1/jobs/:id',
    config: { scope: 'submit' },
    schema: {
      tags: ['Jobs'],
      operationId: 'deleteJob',
      summary: 'Erase a job with its inputs and results, canceling it first where needed',
      params: jobParams,
      response: { 204: z.undefined(), ...refusals(...absentJob) },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const { id } = request.params
      const erased = await deps.state.jobs.erase(tenant, id)
      if (erased.outcome === 'missing') throw new HttpProblem('not_found', 'there is no such job')
      if (erased.outcome === 'gone') throw goneProblem(erased.gone)
      try {
        // Not `swept`: what a running attempt still writes is the sweeper's to find.
        await eraseObjects(deps, tenant, id)
      } catch (err) {
        request.log.warn({ err, job: id }, 'the pictures of a deleted job are left to the sweeper')
      }
      return reply.code(204).send()
    },
  })
}
