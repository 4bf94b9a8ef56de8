import { isFinal, numberField, streamEvent } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { finalEventId, followJob } from '../follow-job.ts'
import { callerOf, keyEndedSignal } from '../http/auth.ts'
import { openEventStream } from '../http/event-stream.ts'
import { clientSignal } from '../http/gone-client.ts'
import { absentJob, jobParams, jobPath, refusals, signature } from '../http/schemas.ts'
import { foundJob } from '../jobs.ts'

const eventsPath = `${jobPath}/events`

export function registerJobEvents(
  app: App,
  deps: Pick<Deps, 'state' | 'auth' | 'metrics' | 'log' | 'publicUrl' | 'draining'>,
): void {
  app.route({
    method: 'GET',
    url: eventsPath,
    exposeHeadRoute: false,
    config: { scope: 'read', pace: 'long', signed: [eventsPath, jobPath] },
    schema: {
      tags: ['Jobs'],
      operationId: 'followJob',
      summary:
        'Live progress as Server-Sent Events: `job` (the job object, at first and at each change), `progress`, `preview`',
      params: jobParams,
      querystring: z.strictObject({
        token: signature,
        previews: numberField(z.int().min(0).max(150))
          .default(0)
          .describe('a small WebP of the pictures so far, one of them every so many steps, in turn; 0: none'),
      }),
      response: {
        200: { description: 'The events', content: { 'text/event-stream': { schema: streamEvent } } },
        204: z.undefined().describe('The job has ended and the reader has seen its end: stop reconnecting'),
        ...refusals(...absentJob),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const job = foundJob(await deps.state.jobs.get(caller.tenant, request.params.id))
      if (isFinal(job.status) && request.headers['last-event-id'] === finalEventId) return reply.code(204).send()
      const closed = AbortSignal.any([clientSignal(reply), keyEndedSignal(deps, request, reply)])
      deps.metrics.eventStreams.inc()
      const following = { caller, id: job.id, previews: request.query.previews }
      await followJob(deps, following, openEventStream(reply), closed)
      deps.metrics.eventStreams.dec()
    },
  })
}
