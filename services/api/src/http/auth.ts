import type { Scope, TenantLimits } from '@pentimento/state'
import type { FastifyRequest } from 'fastify'
import type { App, Deps } from '../deps.ts'
import { HttpProblem } from './problem.ts'

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
  }
}

/** With `AUTH=off` there is one tenant. The admin routes stay shut: whoever can reach the port must not make keys. */
const everybody: Caller = { tenant: 'default', keyId: null, scopes: ['submit', 'read'], limits: {} }

/** Knows the caller before the body is read. */
export function registerAuth(app: App, deps: Deps): void {
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    request.caller = deps.auth === 'off' ? everybody : await verifyKey(deps, request)
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

async function verifyKey(deps: Deps, request: FastifyRequest): Promise<Caller> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const key = token?.startsWith('pmt_') ? await deps.state.tenants.verify(token) : null
  if (!key) {
    const headers = { 'www-authenticate': 'Bearer realm="pentimento"' }
    throw new HttpProblem('unauthorized', 'send a valid key as "Authorization: Bearer pmt_…"', { headers })
  }
  request.log = request.log.child({ key: key.id, tenant: key.tenant })
  return { tenant: key.tenant, keyId: key.id, scopes: key.scopes, limits: key.limits }
}
