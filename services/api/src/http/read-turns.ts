import type { FastifyReply } from 'fastify'
import type { App } from '../deps.ts'
import { clientSignal } from './gone-client.ts'
import { HttpProblem } from './problem.ts'
import { createTurns, TooManyWaiting, type Turns, type TurnsOptions } from './turns.ts'

/**
 * How an answer takes its time: at once; with much to read and write; as a picture that is passed on as it is read; as
 * long as a job goes on; or in turns of the route's own.
 */
type Pace = 'short' | 'page' | 'picture' | 'long' | 'own'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route for tenants (`short`). */
    pace?: Pace
  }
}

/** What answers may be on their way at once. A page of 100 jobs takes up to 2.4 MB until its reader has taken it. */
const limits = {
  short: { places: 256, perTenant: 32, waiting: 1000 },
  page: { places: 64, perTenant: 4, waiting: 500 },
  picture: { places: 1000, perTenant: 128, waiting: 1000 },
  long: { places: 10_000, perTenant: 1000, waiting: 0 },
} satisfies Partial<Record<Pace, TurnsOptions>>

/**
 * Has tenants take turns with what they ask, so that one who asks for much at once waits for himself and nobody else
 * for him. A turn ends when its answer has left. To be registered behind authentication.
 *
 * @returns the turns of those who wait for the end of a job
 */
export function registerReadTurns(app: App): Turns {
  const turns = {
    short: createTurns(limits.short),
    page: createTurns(limits.page),
    picture: createTurns(limits.picture),
    long: createTurns(limits.long),
  }
  app.addHook('preHandler', async ({ caller, query, routeOptions }, reply) => {
    if (!caller) return
    const { pace = 'short' } = routeOptions.config
    if (pace === 'own') return
    const waits = Number((query as { wait?: number } | null)?.wait ?? 0) > 0
    const of = waits ? 'long' : pace
    const giveBack = await turns[of].take(caller.tenant, clientSignal(reply)).catch((error) => refuse(error, of))
    endWith(reply, giveBack)
  })
  return turns.long
}

function endWith(reply: FastifyReply, giveBack: () => void): void {
  if (reply.raw.destroyed) giveBack()
  else reply.raw.once('close', giveBack)
}

function refuse(error: unknown, pace: keyof typeof limits): never {
  const { perTenant, waiting } = limits[pace]
  const what =
    pace === 'long' ? `${perTenant} streams and long polls of yours are open` : `${waiting} requests of yours wait`
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', what, { retryAfterSeconds: 2 }) : error
}
