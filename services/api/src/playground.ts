import { existsSync } from 'node:fs'
import files from '@fastify/static'
import type { App, Deps } from './deps.ts'

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The playground's files at `/`, where they are there. */
export async function registerPlayground(app: App, deps: Deps): Promise<void> {
  const root = deps.playgroundDir
  if (root === null || !existsSync(root)) return
  await app.register(files, {
    root,
    prefix: '/',
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('content-security-policy', pagePolicy)
      reply.header('cache-control', 'no-cache')
    },
  })
}
