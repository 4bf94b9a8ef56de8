import { inpaintFields } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import type { UploadBudget } from '../http/upload-budget.ts'
import { type Accepted, acceptJob, earlierJob } from '../submit/accept.ts'
import { commonRequest } from '../submit/common-request.ts'
import { createKnownModels } from '../submit/find-model.ts'
import { formOnly, imageField, maskField, readForm, submitSchema } from '../submit/form-route.ts'
import { idempotency } from '../submit/headers.ts'
import { readMask } from '../submit/mask.ts'
import { refuseEarly } from '../submit/refuse-early.ts'
import { inpaintParameters } from '../submit/resolve.ts'
import { respondAccepted } from '../submit/respond.ts'
import { readSourceImage } from '../submit/source-image.ts'

const files = ['image', 'mask']
const form = inpaintFields.extend({ image: imageField, mask: maskField })

export function registerInpaint(app: App, deps: Deps, uploads: UploadBudget): void {
  const models = createKnownModels(deps)

  /** Apart from the answer, which may take long, so that the pictures need not stay in memory for it. */
  async function accept(request: FastifyRequest): Promise<Accepted> {
    const body = request.body as z.infer<typeof form>
    const caller = callerOf(request)
    const repeated = idempotency('inpaint', request)
    const earlier = await earlierJob(deps, caller.tenant, repeated)
    if (earlier) return earlier
    const model = await models.find(caller, body.model)
    const image = await readSourceImage(deps, caller.tenant, body)
    const parameters = inpaintParameters(body, model, image, body.mask !== undefined, caller)
    const mask = await readMask(body.mask, parameters.mask_mode, image)
    return acceptJob(deps, {
      caller,
      request: { kind: 'inpaint', parameters, ...(await commonRequest(deps, request, model, body)) },
      image,
      mask,
      idempotency: repeated,
    })
  }

  app.route({
    method: 'POST',
    url: '/v1/inpaint',
    config: { scope: 'submit' },
    schema: {
      ...submitSchema,
      summary: 'Repaint the masked part of a picture',
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
