import type { Img2imgFields, JobKind, JobRequest, ModelEntry } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { type Caller, callerOf } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { type Accepted, acceptJob, earlierJob, type InputFile, inputSize } from './accept.ts'
import { commonRequest } from './common-request.ts'
import { formOnly, readForm, submitSchema } from './form-route.ts'
import { idempotency } from './headers.ts'
import type { Holder } from './holder.ts'
import type { Intake } from './intake.ts'
import { refuseAtLimits, refuseEarly } from './refuse-early.ts'
import { refuseTooCostly } from './resolve.ts'
import { respondAccepted } from './respond.ts'
import { readSourceImage, type SourceFields, type SourceImage } from './source-image.ts'

/** What one kind of job has of its own when it is submitted. */
interface SubmitRoute<Body extends Img2imgFields & SourceFields> {
  kind: JobKind
  summary: string
  /** Names of the file fields. */
  files: readonly string[]
  form: z.ZodType<Body>
  /** Every effective value, and the mask that was sent. @throws HttpProblem */
  read(
    body: Body,
    model: ModelEntry,
    image: SourceImage,
    caller: Caller,
    holder: Holder,
  ): Promise<{ parameters: JobRequest['parameters']; mask: InputFile | null }>
}

/** `POST /v1/{kind}`: from the form to the accepted job. */
export function registerSubmit<Body extends Img2imgFields & SourceFields>(
  app: App,
  deps: Deps,
  intake: Intake,
  { kind, summary, files, form, read }: SubmitRoute<Body>,
): void {
  const refuse = refuseAtLimits(deps, intake.models)

  /** Apart from the answer, which may take long, so that the pictures need not stay in memory for it. */
  async function accept(request: FastifyRequest, gone: AbortSignal): Promise<Accepted> {
    const body = request.body as Body
    const caller = callerOf(request)
    const repeated = idempotency(kind, request)
    const earlier = await earlierJob(deps, caller.tenant, repeated)
    if (earlier) return earlier
    // Decoding is what a submit costs most: whoever is at a limit by now is not decoded for, whatever was let through before.
    await refuse(caller)
    const model = await intake.models.find(caller, body.model)
    const holder = { tenant: caller.tenant, upload: request.upload, gone }
    const image = await readSourceImage(deps, intake, holder, body)
    const { parameters, mask } = await read(body, model, image, caller, holder)
    refuseTooCostly({ parameters, input_size: inputSize(image, mask) }, caller)
    const common = await commonRequest(deps, request, model, body)
    return acceptJob(deps, { caller, request: { kind, parameters, ...common }, image, mask, idempotency: repeated })
  }

  app.route({
    method: 'POST',
    url: `/v1/${kind}`,
    config: { scope: 'submit', pace: 'own' },
    schema: { ...submitSchema, summary, body: form },
    onRequest: [formOnly(files), refuseEarly(refuse)],
    preValidation: readForm(files, intake),
    handler: async (request, reply) => {
      const accepted = await accept(request, clientSignal(reply))
      request.dropForm()
      return respondAccepted(deps, intake.waits, accepted, reply, request.query.wait)
    },
  })
}
