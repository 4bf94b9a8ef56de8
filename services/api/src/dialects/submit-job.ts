import type { JobKind, JobWarning } from '@pentimento/contracts'
import type { JobRecord } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { logWith } from '../http/log-with.ts'
import type { Form } from '../http/multipart.ts'
import type { Via } from '../metrics.ts'
import { type SubmitDeps, type SubmitInput, submit } from '../submit/submit.ts'

/** A job as another API's client asks for it, in the words of the native routes. */
export interface Asked extends Form {
  kind: JobKind
  warnings: JobWarning[]
}

export interface Submitting {
  via: Via
  asked: Asked
  /** Idempotency-Key. */
  key?: string | undefined
  webhook?: SubmitInput['webhookShape']
}

/** Makes a job of it. @throws HttpProblem */
export async function submitJob(
  deps: SubmitDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { via, asked, key, webhook }: Submitting,
): Promise<JobRecord> {
  const metadata = { ...(asked.fields.metadata as object | undefined), via }
  const { job } = await submit(deps, {
    ...asked,
    fields: { ...asked.fields, metadata },
    caller: callerOf(request),
    key,
    via,
    webhookShape: webhook,
    gone: clientSignal(reply),
    upload: request.upload,
    traceparent: request.span.traceparent,
  })
  logWith(reply, { job: job.id })
  return job
}
