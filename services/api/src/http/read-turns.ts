import type { FastifyReply } from 'fastify'
import type { App } from '../deps.ts'
import { clientSignal } from './gone-client.ts'
import { HttpProblem } from './problem.ts'
import { createTurns, TooManyWaiting, type TurnsOptions } from './turns.ts'

/** How an answer takes its time: at once, as a picture that is passed on as it is read, or as long as a job goes on. */
type Pace = 'short' | 'picture' | 'long'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a route that reads (`short`). */
    pace?: Pace
  }
}

/** What answers may be on their way at once. A page of 100 jobs takes up to 2.4 MB until its reader has taken it. */
const limits = {
  short: { places: 128, perTenant: 32, waiting: 1000 },
  picture: { places: 1000, perTenant: 128, waiting: 1000 },
  long: { places: 10_000, perTenant: 1000, waiting: 0 },
} satisfies Record<Pace, TurnsOptions>

/**
 * Has tenants take turns with what they read, so that one who asks for much at once waits for himself and nobody else for him. A turn ends when its answer
 * has left. To be registered behind authentication.
 */
export function registerReadTurns(app: App): void {
  const turns = {
    short: createTurns(limits.short),
    picture: createTurns(limits.picture),
    long: createTurns(limits.long),
  }
  app.addHook('preHandler', async ({ caller, method, query, routeOptions }, reply) => {
    if (!caller || (method !== 'GET' && method !== 'HEAD')) return
    const waits = Number((query as { wait?: number } | null)?.wait ?? 0) > 0
    const pace = waits ? 'long' : (routeOptions.config.pace ?? 'short')
    const giveBack = await turns[pace].take(caller.tenant, clientSignal(reply)).catch((error) => refuse(error, pace))
    endWith(reply, giveBack)
  })
}

function endWith(reply: FastifyReply, giveBack: () => void): void {
  if (reply.raw.destroyed) giveBack()
  else reply.raw.once('close', giveBack)
}

function refuse(error: unknown, pace: Pace): never {
  const { perTenant, waiting } = limits[pace]
  const what =
    pace === 'long' ? `${perTenant} streams and long polls of yours are open` : `${waiting} requests of yours wait`
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', what, { retryAfterSeconds: 2 }) : error
}
