import { img2imgFields } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { imageField } from '../submit/form-route.ts'
import type { Intake } from '../submit/intake.ts'
import { img2imgParameters } from '../submit/resolve.ts'
import { registerSubmit } from '../submit/submit-route.ts'

export function registerImg2img(app: App, deps: Deps, intake: Intake): void {
  registerSubmit(app, deps, intake, {
    kind: 'img2img',
    summary: 'Paint a picture anew from a picture and a prompt',
    files: ['image'],
    form: img2imgFields.extend({ image: imageField }),
    read: async (body, model, image, caller) => ({
      parameters: img2imgParameters(body, model, image, caller),
      mask: null,
    }),
  })
}
