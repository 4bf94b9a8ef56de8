import cors from '@fastify/cors'
import type { App, Deps } from '../deps.ts'

/** Headers of our answers that pages of other origins may read, beside those that every page may. */
const exposedHeaders = [
  'accept-ranges',
  'allow',
  'content-disposition',
  'content-range',
  'etag',
  'idempotent-replayed',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
]

// More than there are: a page that takes the wrong one reads so.
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
// No cookie means anything here, so `*` covers every header but the key's.
const allowedHeaders = ['*', 'authorization']
const preflightSeconds = 600

/**
 * Lets pages of `CORS_ORIGINS` call every route. To be registered before whatever refuses requests, so that a page may
 * read what it did wrong, and a preflight, which carries no key, is answered.
 */
export async function registerCors(app: App, { corsOrigins }: Pick<Deps, 'corsOrigins'>): Promise<void> {
  const listed = (given: string | undefined) => corsOrigins.find((origin) => origin === given) ?? false
  await app.register(cors, {
    origin: corsOrigins.length > 0 && ((given, done) => done(null, listed(given))),
    // OPTIONS of somebody else goes the way of every method that a route does not know.
    strictPreflight: false,
    methods,
    allowedHeaders,
    exposedHeaders,
    maxAge: preflightSeconds,
  })
}

/**
 * CORS for an answer to what no route can read, its preflight included, whoever sent it: it tells nothing of anybody.
 */
export function corsOfUnreadable({ corsOrigins }: Pick<Deps, 'corsOrigins'>): Record<string, string> {
  if (corsOrigins.length === 0) return {}
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': allowedHeaders.join(', '),
    'access-control-expose-headers': 'x-request-id',
  }
}
