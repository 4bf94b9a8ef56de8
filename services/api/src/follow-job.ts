import { isFinal, type JobStatus } from '@pentimento/contracts'
import type { JobEvent } from '@pentimento/state'
import type { Deps } from './deps.ts'
import type { Caller } from './http/auth.ts'
import type { EventStream } from './http/event-stream.ts'
import { jobView } from './jobs.ts'
import { latestEvents } from './latest-events.ts'

const heartbeatMs = 15_000
const previewMs = 10_000

/** Last-Event-ID of a reader that has seen the end: there is nothing to come back for. */
export const finalEventId = 'final'

/**
 * Sends a job's life to a stream until the job ends, its record goes, `closed` aborts or the server drains: first the
 * job as it is, signed for the caller, then the job again at each change of its status, progress and previews (every
 * `previews` steps; 0: none) at most four times a second. Events from Redis only wake this up; what is sent as the
 * job's state is read from the record, again with every heartbeat.
 */
export async function followJob(
  deps: Pick<Deps, 'draining' | 'log' | 'state' | 'publicUrl'>,
  job: { caller: Caller; id: string; previews: number },
  stream: EventStream,
  closed: AbortSignal,
): Promise<void> {
  const { events, jobs } = deps.state
  const ended = Promise.withResolvers<number | undefined>()
  const end = (retryMs?: number) => ended.resolve(retryMs)
  let shown: JobStatus | null = null
  // Nothing comes before the job itself.
  const latest = latestEvents(stream, () => shown !== null)
  let reading: Promise<void> = Promise.resolve()

  const readJob = async () => {
    const record = await jobs.get(job.caller.tenant, job.id)
    if (record === null || 'gone' in record) return end()
    if (record.status === shown) return
    shown = record.status
    const final = isFinal(record.status)
    stream.send({ event: 'job', data: await jobView(deps, record, job.caller), ...(final && { id: finalEventId }) })
    if (final) end()
  }
  // One read at a time, in order. A read that fails costs nothing: the next heartbeat reads again.
  const refresh = () => {
    reading = reading
      .then(readJob)
      .catch((err) => deps.log.warn({ err, job: job.id }, 'a job could not be read for its events'))
  }
  const askPreviews = () => {
    if (job.previews > 0) events.requestPreviews(job.id, job.previews).catch(() => {})
  }
  const unsubscribe = events.subscribe(job.id, (event) => {
    if (event.type === 'progress') latest.progress(event.progress)
    else if (event.type !== 'preview') refresh()
    else if (job.previews > 0) latest.preview(event.index, previewData(event))
  })
  const timers = [
    setInterval(() => {
      stream.heartbeat()
      refresh()
    }, heartbeatMs),
    setInterval(askPreviews, previewMs),
  ]
  // Readers come back spread over a second, and to another server.
  const drained = () => end(500 + Math.random() * 1000)
  const gone = () => end()
  closed.addEventListener('abort', gone, { once: true })
  deps.draining.addEventListener('abort', drained, { once: true })
  if (closed.aborted) gone()
  else if (deps.draining.aborted) drained()
  refresh()
  askPreviews()
  const retryMs = await ended.promise
  // Also a stream that is opened while the server drains begins with the job as it is.
  if (shown === null) await reading
  unsubscribe()
  latest.end()
  for (const timer of timers) clearInterval(timer)
  closed.removeEventListener('abort', gone)
  deps.draining.removeEventListener('abort', drained)
  stream.end(retryMs)
}

type Preview = Extract<JobEvent, { type: 'preview' }>

const previews = new WeakMap<Preview, object>()

/** One object for all who follow the job, so that it is written once. */
function previewData(event: Preview): object {
  const known = previews.get(event)
  if (known) return known
  const { index, step, image } = event
  const data = { index, step, content_type: 'image/webp', data: Buffer.from(image).toString('base64') }
  previews.set(event, data)
  return data
}
