import { job, jobId, jobKind, jobStatus, numberField } from '@pentimento/contracts'
import { InvalidCursor } from '@pentimento/state'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { fieldProblem } from '../http/problem.ts'
import { refusals } from '../http/schemas.ts'
import { jobView } from '../jobs.ts'

export function registerListJobs(app: App, deps: Pick<Deps, 'state' | 'publicUrl'>): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs',
    config: { scope: 'read', pace: 'page' },
    schema: {
      tags: ['Jobs'],
      operationId: 'listJobs',
      summary: 'Your jobs, the newest first',
      querystring: z.strictObject({
        limit: numberField(z.int().min(1).max(100)).default(20),
        cursor: z.string().max(200).optional().describe('`next_cursor` of the page before'),
        status: jobStatus.optional(),
        kind: jobKind.optional(),
        model: z.string().max(100).optional(),
        source: jobId.optional().describe('only jobs that were made of a result of this one'),
        since: z.iso.datetime({ offset: true }).optional().describe('only jobs created at or after this time'),
      }),
      response: { 200: z.object({ data: z.array(job), next_cursor: z.string().nullable() }), ...refusals() },
    },
    handler: async (request, reply) => {
      const { limit, cursor, status, kind, model, source, since } = request.query
      const query = {
        limit,
        ...(cursor !== undefined && { cursor }),
        ...(status !== undefined && { status }),
        ...(kind !== undefined && { kind }),
        ...(model !== undefined && { model }),
        ...(source !== undefined && { source }),
        ...(since !== undefined && { since: Date.parse(since) }),
      }
      const caller = callerOf(request)
      const { jobs, nextCursor } = await deps.state.jobs.list(caller.tenant, query).catch((error) => {
        throw error instanceof InvalidCursor ? fieldProblem('invalid_fields', 'cursor', 'not a cursor of ours') : error
      })
      reply.header('cache-control', 'no-store')
      return { data: await Promise.all(jobs.map((record) => jobView(deps, record, caller))), next_cursor: nextCursor }
    },
  })
}
