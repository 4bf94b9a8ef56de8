import type { App } from '../deps.ts'
import { registerSubmit, type SubmitRouteDeps } from '../submit/submit-route.ts'

export function registerInpaint(app: App, deps: SubmitRouteDeps): void {
  registerSubmit(app, deps, { kind: 'inpaint', summary: 'Repaint the masked part of a picture' })
}
