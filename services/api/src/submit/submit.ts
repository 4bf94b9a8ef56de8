import { type JobKind, type JobRequest, type JobWarning, type ModelEntry, requestVersion } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import type { Form } from '../http/multipart.ts'
import type { Upload } from '../http/upload-budget.ts'
import type { Via } from '../metrics.ts'
import { type AcceptDeps, type Accepted, acceptJob, earlierJob } from './accept.ts'
import { readControlImages } from './control-images.ts'
import { idempotencyOf } from './idempotency.ts'
import { jobSourceOf } from './image-of-job.ts'
import { toJobInput } from './input-file.ts'
import type { Intake } from './intake.ts'
import type { CommonFields, KindContext } from './kind.ts'
import { kinds } from './kinds.ts'
import { type ReferenceFields, readReference } from './reference-image.ts'
import { refuseTooCostly } from './resolve.ts'
import { safetyFor } from './safety.ts'
import { readSourceImage, type SourceFields } from './source-image.ts'
import { readWebhook } from './webhook.ts'

export interface SubmitDeps extends AcceptDeps, Pick<Deps, 'outbound' | 'webhookAllowHttp' | 'safety'> {
  intake: Intake
}

/** A request for a job, in the words of the native routes, wherever it came from. */
export interface SubmitInput extends Form {
  caller: Caller
  kind: JobKind
  /** The Idempotency-Key as it was sent. */
  key: string | undefined
  /** Aborts when the client has left. */
  gone: AbortSignal
  /** What the files count against, and what is fetched beside them will. */
  upload: Upload
  /** W3C trace context that the job's spans go below. */
  traceparent: string | null
  /** Which API's clients asked (`native`). */
  via?: Via
  /** What its webhooks hold (events of ours). */
  webhookShape?: 'prediction' | undefined
  /** What the job shall say of how the request was understood. */
  warnings?: JobWarning[]
}

/**
 * From what a client asks for to a job that will run. Every route that makes jobs calls it, each with its own way of
 * reading a request and of answering; a route has called `intake.refuse` before it read the body.
 *
 * @throws HttpProblem whose pointers name the fields of `input.fields` and `input.files`
 * @throws StateUnavailable, EnqueueUnknown, StorageUnavailable
 */
export async function submit(deps: SubmitDeps, input: SubmitInput): Promise<Accepted> {
  const { intake } = deps
  const { caller, kind, upload, gone } = input
  const form = kinds[kind].parse(input)
  const idempotency = idempotencyOf(kind, input, input.key)
  const earlier = await earlierJob(deps, caller.tenant, idempotency)
  if (earlier) return earlier
  // Decoding is what a submit costs most: whoever is at a limit by now is not decoded for, whatever was let through
  // before.
  await intake.refuse(caller)
  const model = await intake.models.find(caller, form.fields.model)
  const safety = safetyFor(caller, deps.safety, model)
  const holder = { tenant: caller.tenant, upload, gone }
  const source = (fields: SourceFields) => readSourceImage(deps, intake, holder, fields)
  const reference = (fields: ReferenceFields) => readReference(deps, intake, holder, fields)
  const controls = (...[fields, parameters, paintsOver]: Parameters<KindContext['controls']>) =>
    readControlImages(deps, intake, holder, fields, { parameters, paintsOver })
  const context = { model, caller, holder, source, reference, controls }
  const { parameters, inputs: files } = await form.read(context)
  const inputs = files.map(toJobInput)
  refuseTooCostly({ parameters, inputs }, caller)
  const common = await commonRequest(deps, input, model, form.fields)
  const request = { kind, parameters, inputs, ...safety, ...common } as JobRequest
  return acceptJob(deps, { caller, request, files, idempotency, via: input.via ?? 'native' })
}

/** The parts of a job's request that do not depend on its kind. */
async function commonRequest(
  deps: SubmitDeps,
  { caller: { tenant, keyId }, traceparent, warnings, webhookShape }: SubmitInput,
  model: ModelEntry,
  fields: CommonFields,
) {
  const { image_job: imageJob } = fields as SourceFields
  const webhook = await readWebhook(deps, tenant, fields)
  return {
    version: requestVersion,
    tenant,
    ...(keyId !== null && { key: keyId }),
    model: model.id,
    ...(imageJob !== undefined && { source: jobSourceOf(imageJob) }),
    metadata: fields.metadata ?? {},
    expires_in: fields.expires_in,
    deadline: fields.deadline,
    webhook: webhook && { ...webhook, ...(webhookShape && { shape: webhookShape }) },
    traceparent,
    ...(warnings && { warnings }),
  }
}
