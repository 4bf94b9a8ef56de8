import { SecretsKeyInvalid, TooManySecrets } from '@pentimento/state'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { bodyRefusals } from '../http/schemas.ts'

const overlapHours = 24

export function registerWebhookSecret(app: App, deps: Pick<Deps, 'state'>): void {
  app.route({
    method: 'POST',
    url: '/v1/webhook-secret/rotate',
    config: { scope: 'submit' },
    schema: {
      tags: ['Webhooks'],
      operationId: 'rotateWebhookSecret',
      summary: `Make the secret that webhooks are signed with, or a new one. It is shown once; the one before signs too for ${overlapHours} hours`,
      response: { 200: z.object({ secret: z.string() }), ...bodyRefusals('not_supported', 'too_many_secrets') },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const secret = await deps.state.webhooks.rotateSecret(tenant, overlapHours * 3_600_000).catch((error) => {
        if (error instanceof TooManySecrets) {
          const detail = `${error.most} secrets sign already, each for ${overlapHours} hours after it was replaced; use the newest, or rotate when the first of them has ended`
          throw new HttpProblem('too_many_secrets', detail, { retryAfterSeconds: Math.ceil(error.waitMs / 1000) })
        }
        if (!(error instanceof SecretsKeyInvalid)) throw error
        throw new HttpProblem('not_supported', 'this server has no SECRETS_KEY and cannot keep secrets')
      })
      reply.header('cache-control', 'no-store')
      return { secret }
    },
  })
}
