import type { App, Deps } from './deps.ts'

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"

/** The playground: a handful of files, kept in memory. */
export function registerPlayground(app: App, deps: Pick<Deps, 'page'>): void {
  for (const file of deps.page) {
    app.get(file.path, { schema: { hide: true } }, (request, reply) => {
      reply.headers({
        'content-security-policy': pagePolicy,
        'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        etag: file.etag,
      })
      reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '))
      if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
      reply.type(file.contentType)
      if (!acceptsBrotli(request.headers['accept-encoding'])) return reply.send(file.body)
      return reply.header('content-encoding', 'br').send(file.brotli)
    })
  }
}

function acceptsBrotli(header: string | string[] | undefined): boolean {
  return /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(header ?? ''))
}
