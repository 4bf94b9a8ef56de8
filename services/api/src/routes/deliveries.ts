import { webhookEventNames } from '@pentimento/contracts'
import type { DeliveryRecord } from '@pentimento/state'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { limitRate } from '../http/rate-limit.ts'
import { absentJob, bodyRefusals, jobParams, refusals } from '../http/schemas.ts'
import { foundJob } from '../jobs.ts'

export const delivery = z
  .object({
    id: z.string().describe('the `webhook-id` header, the same in every attempt'),
    type: z.enum([...webhookEventNames, 'test']),
    url: z.url(),
    state: z.enum(['pending', 'delivered', 'failed', 'stopped']),
    created_at: z.string(),
    next_attempt_at: z.string().nullable(),
    attempts: z.array(
      z.object({
        attempt: z.int(),
        at: z.string(),
        status: z.int().nullable(),
        duration_ms: z.number(),
        response: z.string().describe('the first kilobyte of the answer'),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Delivery' })

const replaysPerMinute = 60

/** The webhook log of a job, and sending an event again. */
export function registerDeliveries(app: App, deps: Pick<Deps, 'state'>): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs/:id/deliveries',
    config: { scope: 'read', pace: 'page' },
    schema: {
      tags: ['Webhooks'],
      operationId: 'listDeliveries',
      summary: "A job's webhook events and every attempt to deliver them",
      params: jobParams,
      response: { 200: z.object({ data: z.array(delivery) }), ...refusals(...absentJob) },
    },
    handler: async (request) => {
      const { id } = foundJob(await deps.state.jobs.get(callerOf(request).tenant, request.params.id))
      return { data: (await deps.state.webhooks.log(id)).map(deliveryView) }
    },
  })
  app.route({
    method: 'POST',
    url: '/v1/jobs/:id/deliveries/:delivery/replay',
    config: { scope: 'submit' },
    schema: {
      tags: ['Webhooks'],
      operationId: 'replayDelivery',
      summary: 'Send an event again now',
      params: jobParams.extend({ delivery: z.string().max(200) }),
      response: { 202: delivery, ...bodyRefusals(...absentJob) },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const { id } = foundJob(await deps.state.jobs.get(tenant, request.params.id))
      await limitRate(deps, tenant, 'replays', replaysPerMinute)
      const again = await deps.state.webhooks.replay(id, request.params.delivery)
      if (again === null) throw new HttpProblem('not_found', 'the job has no such delivery')
      return reply.code(202).send(deliveryView(again))
    },
  })
}

/** The public object of it. */
export function deliveryView(record: DeliveryRecord): z.infer<typeof delivery> {
  const iso = (time: number) => new Date(time).toISOString()
  return {
    id: record.id,
    type: record.type,
    url: record.url,
    state: record.state,
    created_at: iso(record.createdAt),
    next_attempt_at: record.nextAttemptAt === null ? null : iso(record.nextAttemptAt),
    attempts: record.attempts.map(({ attempt, at, status, durationMs, response, error }) => ({
      attempt,
      at: iso(at),
      status,
      duration_ms: durationMs,
      response,
      error,
    })),
  }
}
