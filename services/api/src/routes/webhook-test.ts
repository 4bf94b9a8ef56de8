import { randomUUID } from 'node:crypto'
import { urlField } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { limitRate } from '../http/rate-limit.ts'
import { bodyRefusals, refusals } from '../http/schemas.ts'
import { checkWebhookUrl } from '../submit/webhook.ts'
import { delivery, deliveryView } from './deliveries.ts'

const testsPerMinute = 10

export function registerWebhookTest(app: App, deps: Pick<Deps, 'state' | 'outbound' | 'webhookAllowHttp'>): void {
  app.route({
    method: 'POST',
    url: '/v1/webhooks/test',
    config: { scope: 'submit' },
    schema: {
      tags: ['Webhooks'],
      operationId: 'sendTestEvent',
      summary: 'Send an event of type `test` to a URL, signed and retried like any other; ten a minute',
      body: z.strictObject({ url: urlField }),
      response: {
        202: z.object({ id: z.string(), type: z.literal('test'), url: z.url() }),
        ...bodyRefusals('no_webhook_secret', 'webhook_url_refused'),
      },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const url = await checkWebhookUrl(deps, tenant, 'url', request.body.url)
      await limitRate(deps, tenant, 'test events', testsPerMinute)
      const id = `evt_${randomUUID()}`
      const body = JSON.stringify({ type: 'test', timestamp: new Date().toISOString(), data: { id } })
      await deps.state.webhooks.enqueue({ id, tenant, job: null, type: 'test', url, body, traceparent: null })
      return reply.code(202).send({ id, type: 'test', url })
    },
  })
  app.route({
    method: 'GET',
    url: '/v1/webhooks/test/:id',
    config: { scope: 'read' },
    schema: {
      tags: ['Webhooks'],
      operationId: 'getTestEvent',
      summary: 'A test event and every attempt to deliver it',
      params: z.object({ id: z.string().max(100) }),
      response: { 200: delivery, ...refusals('not_found') },
    },
    handler: async (request) => {
      const found = await deps.state.webhooks.testEvent(callerOf(request).tenant, request.params.id)
      if (found === null) throw new HttpProblem('not_found', 'there is no such test event')
      return deliveryView(found)
    },
  })
}
