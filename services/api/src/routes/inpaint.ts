import { inpaintFields } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { imageField, maskField } from '../submit/form-route.ts'
import type { Intake } from '../submit/intake.ts'
import { readMask } from '../submit/mask.ts'
import { inpaintParameters } from '../submit/resolve.ts'
import { registerSubmit } from '../submit/submit-route.ts'

export function registerInpaint(app: App, deps: Deps, intake: Intake): void {
  registerSubmit(app, deps, intake, {
    kind: 'inpaint',
    summary: 'Repaint the masked part of a picture',
    files: ['image', 'mask'],
    form: inpaintFields.extend({ image: imageField, mask: maskField }),
    read: async (body, model, image, caller, holder) => {
      const parameters = inpaintParameters(body, model, image, body.mask !== undefined, caller)
      return { parameters, mask: await readMask(body.mask, parameters.mask_mode, image, holder) }
    },
  })
}
