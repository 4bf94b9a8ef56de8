import type { App } from '../deps.ts'
import { registerSubmit, type SubmitRouteDeps } from '../submit/submit-route.ts'

export function registerTxt2img(app: App, deps: SubmitRouteDeps): void {
  registerSubmit(app, deps, { kind: 'txt2img', summary: 'Paint a picture from a prompt alone' })
}
