import type { App } from '../deps.ts'

/**
 * A part of the app whose bodies are read by its routes themselves, whatever type they are sent under: pictures come in
 * piece by piece, and clients of other APIs name no type, or the wrong one, or name one for no body at all.
 */
export async function withOwnBodies(app: App, register: (scope: App) => void): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    register(scope as unknown as App)
  })
}
