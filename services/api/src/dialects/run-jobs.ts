import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '@pentimento/contracts'
import { type JobRecord, StateUnavailable } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { callerOf, keyEndedSignal } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { HttpProblem } from '../http/problem.ts'
import { TooManyWaiting } from '../http/turns.ts'
import { cancelJob, foundJob } from '../jobs.ts'
import type { Via } from '../metrics.ts'
import { fingerprint } from '../submit/idempotency.ts'
import type { Intake } from '../submit/intake.ts'
import { type Repeats, repeatsOf } from './repeats.ts'
import { type Asked, submitJob } from './submit-job.ts'

export type DialectDeps = Deps & { intake: Intake }

/** Longer than any job waits and runs. */
const waitMs = 24 * 3_600_000
/** How long a job is waited for while Redis is away, and how often it is looked for. */
const outage = { patienceMs: 60_000, pauseMs: 1000 }
/** A server that shuts down gives what nearly is done so long. */
const drainMs = 8000

interface Running {
  job: JobRecord
  repeats: Repeats | null
}

interface RunOptions {
  via: Via
  jobs: readonly Asked[]
  /** Told once all of them are accepted. */
  accepted?: (jobs: readonly JobRecord[]) => Promise<void>
}

/**
 * Has the jobs of one request painted, and waits for their ends; canceled and failed ones are among what it answers. A
 * client that leaves cancels them, unless it is one that comes again.
 *
 * @throws HttpProblem for what is refused
 */
export async function runJobs(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { via, jobs, accepted }: RunOptions,
): Promise<JobRecord[]> {
  const { tenant } = callerOf(request)
  const giveBack = await deps.intake.waits.take(tenant, clientSignal(reply)).catch(refuseMany)
  const running: Running[] = []
  try {
    for (const [i, asked] of jobs.entries()) running.push(await submitOne(deps, request, reply, { via, asked, i }))
    request.dropForm()
    await accepted?.(running.map(({ job }) => job))
    const ends = endsOf(deps, request, reply)
    return await Promise.all(running.map(({ job }) => untilFinal(deps, job, ends)))
  } catch (error) {
    for (const one of running) void giveUp(deps, one)
    throw error
  } finally {
    giveBack()
  }
}

function refuseMany(error: unknown): never {
  const detail = 'as many of your requests wait for their pictures as may'
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 5 }) : error
}

async function submitOne(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { via, asked, i }: { via: Via; asked: Asked; i: number },
): Promise<Running> {
  const { tenant } = callerOf(request)
  const send = (key: string | undefined) => submitJob(deps, request, reply, { via, asked, key })
  const given = request.headers['idempotency-key']
  if (given !== undefined) return { job: await send(`${given}${i === 0 ? '' : `:${i}`}`), repeats: null }
  const repeats = await repeatsOf(deps, tenant, request, `${fingerprint(asked.kind, asked)}:${i}`)
  const job = await send(repeats?.key)
  const isGivenUp = job.status === 'canceled' || job.cancelRequestedAt !== null
  return { job: repeats && isGivenUp ? await send(await repeats.renew()) : job, repeats }
}

/** What ends the waiting for a job that is not final. */
interface Ends {
  gone: AbortSignal
  keyEnded: AbortSignal
  drained: AbortSignal
}

function endsOf(deps: DialectDeps, request: FastifyRequest, reply: FastifyReply): Ends {
  const gone = clientSignal(reply)
  return { gone, keyEnded: keyEndedSignal(deps, request, reply), drained: lateAfter(deps.draining, drainMs, gone) }
}

async function untilFinal(deps: DialectDeps, job: JobRecord, { gone, keyEnded, drained }: Ends): Promise<JobRecord> {
  const signal = AbortSignal.any([gone, keyEnded, drained])
  const now = await waitThrough(() => deps.state.jobs.wait(job.tenant, job.id, { timeoutMs: waitMs, signal }), signal)
  const record = foundJob(now)
  if (isFinal(record.status)) return record
  if (keyEnded.aborted) throw keyEnded.reason
  if (drained.aborted) throw new HttpProblem('draining', 'this server is shutting down', { retryAfterSeconds: 1 })
  throw gone.reason
}

/** Goes on while Redis is away, for a while. */
async function waitThrough<T>(wait: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let since = performance.now()
  for (;;) {
    const began = performance.now()
    try {
      return await wait()
    } catch (error) {
      if (!(error instanceof StateUnavailable) || signal.aborted) throw error
      if (performance.now() - began > outage.patienceMs) since = performance.now()
      if (performance.now() - since > outage.patienceMs) throw error
      await sleep(outage.pauseMs)
    }
  }
}

/** Aborts so long after another signal. */
function lateAfter(signal: AbortSignal, ms: number, gone: AbortSignal): AbortSignal {
  const late = new AbortController()
  const begin = () => void setTimeout(() => late.abort(), ms).unref()
  signal.addEventListener('abort', begin, { once: true, signal: gone })
  if (signal.aborted) begin()
  return late.signal
}

async function giveUp(deps: DialectDeps, { job, repeats }: Running): Promise<void> {
  try {
    if (await repeats?.comesAgain()) return
    await cancelJob(deps, job.tenant, job.id)
  } catch (err) {
    deps.log.warn({ err, job: job.id }, 'a job that nobody waits for could not be canceled')
  }
}
