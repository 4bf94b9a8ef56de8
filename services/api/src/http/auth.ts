import type { IncomingHttpHeaders } from 'node:http'
import type { Scope, TenantLimits } from '@pentimento/state'
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
  }
}

/** With `AUTH=off` there is one tenant. The admin routes stay shut: whoever can reach the port must not make keys. */
const everybody: Caller = { tenant: 'default', keyId: null, scopes: ['submit', 'read'], limits: {} }

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
    request.caller = deps.auth === 'off' ? everybody : await verifyKey(deps, request)
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

/** Aborts when the caller's key is revoked or expires while an answer takes its time: a stream, a long poll. */
export function keyEndedSignal(deps: AuthDeps, request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const ended = new AbortController()
  const token = tokenOf(request)
  if (deps.auth === 'off' || token === undefined) return ended.signal
  const look = async () => {
    if ((await deps.state.tenants.verify(token)) === null) ended.abort()
  }
  // While Redis is away nobody can say that a key has ended.
  const timer = setInterval(() => void look().catch(() => {}), keyLookMs)
  reply.raw.once('close', () => clearInterval(timer))
  return ended.signal
}

export function unauthorized(): HttpProblem {
  const headers = { 'www-authenticate': 'Bearer realm="pentimento"' }
  return new HttpProblem('unauthorized', 'send a valid key as "Authorization: Bearer pmt_…"', { headers })
}

function tokenOf({ headers, routeOptions }: FastifyRequest): string | undefined {
  return (routeOptions.config.token ?? bearerToken)(headers)
}

function bearerToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1]
}

async function verifyKey(deps: AuthDeps, request: FastifyRequest): Promise<Caller> {
  const token = tokenOf(request)
  const key = token === undefined ? null : await deps.state.tenants.verify(token)
  if (!key) throw unauthorized()
  return { tenant: key.tenant, keyId: key.id, scopes: key.scopes, limits: key.limits }
}
