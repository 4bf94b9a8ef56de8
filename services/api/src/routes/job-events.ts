import { isFinal, numberField } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { finalEventId, followJob } from '../follow-job.ts'
import { callerOf, keyEndedSignal } from '../http/auth.ts'
import { openEventStream } from '../http/event-stream.ts'
import { clientSignal } from '../http/gone-client.ts'
import { absentJob, jobParams, refusals } from '../http/schemas.ts'
import { foundJob } from '../jobs.ts'

export function registerJobEvents(
  app: App,
  deps: Pick<Deps, 'state' | 'auth' | 'metrics' | 'log' | 'publicUrl' | 'draining'>,
): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs/:id/events',
    exposeHeadRoute: false,
    config: { scope: 'read', pace: 'long' },
    schema: {
      tags: ['Jobs'],
      operationId: 'followJob',
      summary:
        'Live progress as Server-Sent Events: `job` (the job object, at first and at each change), `progress`, `preview`',
      params: jobParams,
      querystring: z.strictObject({
        previews: numberField(z.int().min(0).max(150))
          .default(0)
          .describe('a small WebP of the picture so far every so many steps; 0: none'),
      }),
      response: {
        200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } },
        204: z.undefined().describe('The job has ended and the reader has seen its end: stop reconnecting'),
        ...refusals(...absentJob),
      },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const job = foundJob(await deps.state.jobs.get(tenant, request.params.id))
      if (isFinal(job.status) && request.headers['last-event-id'] === finalEventId) return reply.code(204).send()
      const closed = AbortSignal.any([clientSignal(reply), keyEndedSignal(deps, request, reply)])
      deps.metrics.eventStreams.inc()
      await followJob(deps, { tenant, id: job.id, previews: request.query.previews }, openEventStream(reply), closed)
      deps.metrics.eventStreams.dec()
    },
  })
}
