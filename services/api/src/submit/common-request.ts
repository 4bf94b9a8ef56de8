import type { Img2imgFields, ModelEntry } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { readWebhook } from './webhook.ts'

/** The parts of a job's request that do not depend on its kind. */
export async function commonRequest(deps: Deps, request: FastifyRequest, model: ModelEntry, fields: Img2imgFields) {
  const { tenant } = callerOf(request)
  return {
    version: 1 as const,
    tenant,
    model: model.id,
    metadata: fields.metadata ?? {},
    expires_in: fields.expires_in,
    deadline: fields.deadline,
    webhook: await readWebhook(deps, tenant, fields),
    traceparent: request.span.traceparent,
  }
}
