import type { Job, Progress, StreamEventOf } from '@pentimento/contracts'
import { ApiError, getJob, request } from './client.ts'
import { readEvents } from './sse.ts'

const previewEverySteps = 1
const pollMs = 700
const positionMs = 2500
/** Browsers open six connections to a server of HTTP/1.1, all tabs together: streams leave room for everything else. */
const mostStreams = 2
let openStreams = 0

interface Watcher {
  job(job: Job): void
  progress(progress: Progress): void
  /** @param index of the job's picture that it is of */
  preview(index: number, picture: Blob): void
}

/**
 * Tells `watcher` of a job until it has ended: by Server-Sent Events, and where these do not come through (a proxy that
 * buffers, a lost connection) by asking again, as it also does while other jobs have the streams. Throws ApiError when
 * the job cannot be had at all, and resolves early when `signal` aborts.
 */
export async function followJob(id: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
  const seen = { final: false }
  const see = (job: Job) => {
    seen.final = job.status !== 'queued' && job.status !== 'processing'
    watcher.job(job)
  }
  while (!signal.aborted && !seen.final) {
    // A stream that breaks, or never opens, is no matter: the question after it tells what is wrong, and is a poll if
    // there are no streams at all.
    if (openStreams < mostStreams) {
      openStreams++
      await stream(id, { ...watcher, job: see }, signal).catch(() => undefined)
      openStreams--
    }
    if (signal.aborted || seen.final) return
    try {
      see(await getJob(id, signal))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error
    }
    if (!seen.final) await pause(pollMs, signal)
  }
}

/**
 * Follows the event stream until it ends. While the job waits, its place in the queue is asked for: it moves without an
 * event.
 */
async function stream(id: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
  const response = await request(`v1/jobs/${id}/events?previews=${previewEverySteps}`, {
    headers: { accept: 'text/event-stream' },
    signal,
  })
  if (response.body === null) return
  let waiting = true
  const timer = setInterval(() => {
    if (!waiting) return
    // An answer that an event has overtaken is old news.
    getJob(id, signal).then(
      (job) => waiting && watcher.job(job),
      () => undefined,
    )
  }, positionMs)
  try {
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'job') {
        const job = JSON.parse(data) as Job
        waiting = job.status === 'queued'
        watcher.job(job)
      } else if (event === 'progress') {
        waiting = false
        watcher.progress(JSON.parse(data) as Progress)
      } else if (event === 'preview') {
        const { index, content_type, data: base64 } = JSON.parse(data) as StreamEventOf<'preview'>['data']
        watcher.preview(index, new Blob([bytesOf(base64)], { type: content_type }))
      }
    }
  } finally {
    clearInterval(timer)
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true })
  })
}
