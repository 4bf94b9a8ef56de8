import { isFinal } from '@pentimento/contracts'
import { StateUnavailable, toJob } from '@pentimento/state'
import type { FastifyReply } from 'fastify'
import type { Deps } from '../deps.ts'
import { callerOf, keyEndedSignal, signerOf } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { logWith } from '../http/log-with.ts'
import { TooManyWaiting, type Turns } from '../http/turns.ts'
import { foundJob, jobView } from '../jobs.ts'
import type { Accepted } from './accept.ts'
import { preferredWait } from './headers.ts'

/**
 * 202 with the accepted job, however fast it ended; 200 with the final one when the client waits for that, or repeats
 * its request. `wait`: seconds that the query asks for, stronger than a Prefer header. The job is accepted: where too
 * many of the tenant's requests wait already, it is answered at once.
 */
export async function respondAccepted(
  deps: Pick<Deps, 'state' | 'auth' | 'publicUrl' | 'draining'>,
  waits: Turns,
  { job, standing, replayed }: Accepted,
  reply: FastifyReply,
  wait: number | undefined,
) {
  logWith(reply, { job: job.id })
  const gone = clientSignal(reply)
  const asked = wait ?? preferredWait(reply.request.headers)
  const giveBack = asked > 0 ? await waits.take(job.tenant, gone).catch(nullIfTooMany) : null
  if (giveBack) reply.raw.once('close', giveBack)
  const seconds = giveBack ? asked : 0
  const waited = () => {
    const signal = AbortSignal.any([gone, keyEndedSignal(deps, reply.request, reply), deps.draining])
    return deps.state.jobs.wait(job.tenant, job.id, { timeoutMs: seconds * 1000, signal })
  }
  const now = seconds > 0 ? foundJob(await whileAvailable(waited, job)) : job
  const caller = callerOf(reply.request)
  const signer = await whileAvailable(() => signerOf(deps, caller), null)
  const known = toJob(now, { publicUrl: deps.publicUrl, signer, ...(now === job && standing) })
  const view = now === job && standing ? known : await whileAvailable(() => jobView(deps, now, caller), known)
  if (replayed) reply.header('idempotent-replayed', 'true')
  if (seconds > 0 && wait === undefined) reply.header('preference-applied', `wait=${seconds}`)
  reply.header('location', view.urls.self)
  return reply.code(isFinal(now.status) && (seconds > 0 || replayed) ? 200 : 202).send(view)
}

function nullIfTooMany(error: unknown): null {
  if (error instanceof TooManyWaiting) return null
  throw error
}

/** An accepted job is answered as such, even when Redis goes away now: a 503 would have it sent again. */
async function whileAvailable<T>(read: () => Promise<T>, known: T): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof StateUnavailable) return known
    throw error
  }
}
