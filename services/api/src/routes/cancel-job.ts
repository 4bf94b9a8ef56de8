import { job } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { absentJob, bodyRefusals, jobParams } from '../http/schemas.ts'
import { cancelJob, goneProblem, jobView } from '../jobs.ts'

export function registerCancelJob(
  app: App,
  deps: Pick<Deps, 'state' | 'store' | 'metrics' | 'log' | 'publicUrl'>,
): void {
  app.route({
    method: 'POST',
    url: '/v1/jobs/:id/cancel',
    config: { scope: 'submit' },
    schema: {
      tags: ['Jobs'],
      operationId: 'cancelJob',
      summary:
        'Cancel a job: at once while it waits (200), between steps while it runs (202). A canceled one stays so (200); one that ended otherwise too (409, with the job)',
      params: jobParams,
      response: { 200: job, 202: job, ...bodyRefusals(...absentJob, 'already_final') },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const canceled = await cancelJob(deps, caller.tenant, request.params.id)
      if (canceled.outcome === 'missing') throw new HttpProblem('not_found', 'there is no such job')
      if (canceled.outcome === 'gone') throw goneProblem(canceled.gone)
      const view = await jobView(deps, canceled.job, caller)
      if (canceled.outcome === 'already_final') {
        throw new HttpProblem('already_final', `the job has ${view.status} already`, { members: { job: view } })
      }
      return reply.code(canceled.outcome === 'requested' ? 202 : 200).send(view)
    },
  })
}
