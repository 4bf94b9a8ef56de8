import type { App } from '../deps.ts'
import { registerSubmit, type SubmitRouteDeps } from '../submit/submit-route.ts'

export function registerImg2img(app: App, deps: SubmitRouteDeps): void {
  registerSubmit(app, deps, { kind: 'img2img', summary: 'Paint a picture anew from a picture and a prompt' })
}
