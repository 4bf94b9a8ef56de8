import type { App, Deps } from '../deps.ts'
import { HttpProblem } from './problem.ts'

const windowMs = 60_000

/**
 * Counts the requests of every tenant whose key limits them, before anything is read or done, and tells how many are
 * left.
 */
export function registerRateLimit(app: App, deps: Pick<Deps, 'state'>): void {
  app.addHook('onRequest', async ({ caller }, reply) => {
    const quota = caller?.limits.requestsPerMinute
    if (!caller || quota === undefined) return
    const { count, resetMs } = await deps.state.tenants.countRequest(caller.tenant, windowMs)
    const seconds = Math.ceil(resetMs / 1000)
    // draft-ietf-httpapi-ratelimit-headers
    reply.headers({
      'ratelimit-policy': `"requests";q=${quota};w=${windowMs / 1000}`,
      ratelimit: `"requests";r=${Math.max(0, quota - count)};t=${seconds}`,
    })
    if (count <= quota) return
    const detail = `this key allows ${quota} requests a minute`
    throw new HttpProblem('rate_limited', detail, { retryAfterSeconds: seconds })
  })
}

/** Counts what a tenant does of one kind, however its key is limited. @throws HttpProblem `rate_limited` */
export async function limitRate(
  deps: Pick<Deps, 'state'>,
  tenant: string,
  what: string,
  perMinute: number,
): Promise<void> {
  // A tenant's name has no colon.
  const { count, resetMs } = await deps.state.tenants.countRequest(`${tenant}:${what}`, windowMs)
  if (count <= perMinute) return
  throw new HttpProblem('rate_limited', `there may be ${perMinute} ${what} a minute`, {
    retryAfterSeconds: resetMs / 1000,
  })
}
