import { img2imgFields } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import type { UploadBudget } from '../http/upload-budget.ts'
import { type Accepted, acceptJob, earlierJob } from '../submit/accept.ts'
import { commonRequest } from '../submit/common-request.ts'
import { createKnownModels } from '../submit/find-model.ts'
import { formOnly, imageField, readForm, submitSchema } from '../submit/form-route.ts'
import { idempotency } from '../submit/headers.ts'
import { refuseEarly } from '../submit/refuse-early.ts'
import { img2imgParameters } from '../submit/resolve.ts'
import { respondAccepted } from '../submit/respond.ts'
import { readSourceImage } from '../submit/source-image.ts'

const files = ['image']
const form = img2imgFields.extend({ image: imageField })

export function registerImg2img(app: App, deps: Deps, uploads: UploadBudget): void {
  const models = createKnownModels(deps)

  /** Apart from the answer, which may take long, so that the pictures need not stay in memory for it. */
  async function accept(request: FastifyRequest): Promise<Accepted> {
    const body = request.body as z.infer<typeof form>
    const caller = callerOf(request)
    const repeated = idempotency('img2img', request)
    const earlier = await earlierJob(deps, caller.tenant, repeated)
    if (earlier) return earlier
    const model = await models.find(caller, body.model)
    const image = await readSourceImage(deps, caller.tenant, body)
    const parameters = img2imgParameters(body, model, image, caller)
    return acceptJob(deps, {
      caller,
      request: { kind: 'img2img', parameters, ...(await commonRequest(deps, request, model, body)) },
      image,
      mask: null,
      idempotency: repeated,
    })
  }

  app.route({
    method: 'POST',
    url: '/v1/img2img',
    config: { scope: 'submit' },
    schema: {
      ...submitSchema,
      summary: 'Paint a picture anew from a picture and a prompt',
      body: form,
    },
    onRequest: [formOnly(files), refuseEarly(deps, models)],
    preValidation: readForm(files, uploads),
    handler: async (request, reply) => {
      const accepted = await accept(request)
      request.dropForm()
      return respondAccepted(deps, accepted, reply, request.query.wait)
    },
  })
}
