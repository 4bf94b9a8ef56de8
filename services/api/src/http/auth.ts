import type { IncomingHttpHeaders } from 'node:http'
import type { ApiKey, Scope, Signer, TenantLimits } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App, Deps } from '../deps.ts'
import type { ErrorStyle } from './error-style.ts'
import { logWith } from './log-with.ts'
import { HttpProblem } from './problem.ts'

type AuthDeps = Pick<Deps, 'state' | 'auth'>

/** On whose behalf a request acts. */
export interface Caller {
  tenant: string
  /** Public part of the key, or null without keys. */
  keyId: string | null
  scopes: readonly Scope[]
  limits: TenantLimits
  /** Until when its signature lets it read, epoch ms; null with a key, and without keys. */
  signedUntil: number | null
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** What a key must allow; a route without one is open to everybody. */
    scope?: Scope
    /** Of a route that asks for something else than a key. */
    open?: true
    /** Where clients of another API put their key (`Authorization: Bearer`). */
    token?: (headers: IncomingHttpHeaders) => string | undefined
    /** The paths, with parameters as in the route's own, whose signature opens it in place of a key. */
    signed?: readonly string[]
  }
}

/** With `AUTH=off` there is one tenant. The admin routes stay shut: whoever can reach the port must not make keys. */
const everybody: Caller = { tenant: 'default', keyId: null, scopes: ['submit', 'read'], limits: {}, signedUntil: null }

/** With the five seconds for which a key is remembered, a key that is revoked ends long answers within ten. */
const keyLookMs = 4000

/**
 * Knows the caller before the body is read. To be registered before the routes.
 *
 * @throws Error for a route below /v1, or of another API, without a scope
 */
export function registerAuth(app: App, deps: AuthDeps, styles: readonly ErrorStyle[]): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', ({ url, config }) => {
    const isOurs = url.startsWith('/v1/') || styles.some((style) => style.owns(url))
    if (isOurs && !config?.scope && !config?.open) throw new Error(`${url} would be open to everybody: give it a scope`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    request.caller = deps.auth === 'off' ? everybody : await identify(deps, request)
    if (request.caller === null) throw unauthorized(request)
    const { keyId, tenant } = request.caller
    if (keyId !== null) logWith(reply, { key: keyId, tenant })
    if (!request.caller.scopes.includes(scope)) {
      const detail = deps.auth === 'off' ? 'this route needs AUTH=keys' : `this key has no scope "${scope}"`
      throw new HttpProblem('forbidden', detail)
    }
  })
}

/** The caller of a route that has a scope. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`route ${request.routeOptions.url} has no scope`)
  return request.caller
}

/**
 * Signs what an answer lets others read: with the caller's key, and for no longer than the signature that stands in its
 * place. Null without keys, and for a key that may not read itself.
 */
export async function signerOf({ state }: Pick<Deps, 'state'>, { keyId, signedUntil }: Caller): Promise<Signer | null> {
  return keyId === null ? null : state.tenants.signer(keyId, signedUntil ?? undefined)
}

/**
 * Aborts when what a caller came in by ends while an answer takes its time: a stream, a long poll. Its reason is the
 * answer.
 */
export function keyEndedSignal(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const ended = new AbortController()
  if (deps.auth === 'off') return ended.signal
  const look = async () => {
    if ((await identify(deps, request)) === null) ended.abort(unauthorized(request))
  }
  // While Redis is away nobody can say that a key has ended.
  const timer = setInterval(() => void look().catch(() => {}), keyLookMs)
  reply.raw.once('close', () => clearInterval(timer))
  return ended.signal
}

function unauthorized({ routeOptions: { config }, query }: FastifyRequest): HttpProblem {
  const headers = { 'www-authenticate': 'Bearer realm="pentimento"' }
  const detail =
    config.signed && queryToken(query) !== undefined
      ? 'the token has ended or is not for this path: ask for the job again, or for a new token'
      : 'send a valid key as "Authorization: Bearer pmt_…"'
  return new HttpProblem('unauthorized', detail, { headers })
}

/** Who asks, by a key or by a signature; null for neither. */
async function identify({ state: { tenants } }: AuthDeps, request: FastifyRequest): Promise<Caller | null> {
  const { config } = request.routeOptions
  const token = (config.token ?? bearerToken)(request.headers)
  const key = token === undefined ? null : await tenants.verify(token)
  if (key !== null) return callerWith(key, { scopes: key.scopes, signedUntil: null })
  if (!config.signed) return null
  const paths = config.signed.map((path) => pathWith(path, request.params as Record<string, string>))
  for (const signature of [queryToken(request.query), token]) {
    const opened = signature === undefined ? null : await tenants.opened(signature, paths)
    if (opened) return callerWith(opened.key, { scopes: ['read'], signedUntil: opened.until })
  }
  return null
}

function callerWith({ id, tenant, limits }: ApiKey, how: Pick<Caller, 'scopes' | 'signedUntil'>): Caller {
  return { tenant, keyId: id, limits, ...how }
}

/** What is read is named by the parameters, so these are what has to be signed, however the path was written. */
function pathWith(path: string, params: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

function queryToken(query: unknown): string | undefined {
  const { token } = query as { token?: unknown }
  return typeof token === 'string' ? token : undefined
}

function bearerToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1]
}
