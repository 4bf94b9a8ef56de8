import type { Progress, WebhookEventName } from '@pentimento/contracts'
import {
  type JobRecord,
  type Jobs,
  outputUrls,
  type Tenants,
  toJob,
  toPrediction,
  type Webhooks,
} from '@pentimento/state'
import type { Logger } from 'pino'
import type { JobNotices } from '../generate/run-attempt.ts'
import { eventBody } from './event-body.ts'

interface EventDeps {
  webhooks: Pick<Webhooks, 'enqueue' | 'announced'>
  /** Signs what a receiver may read, in the name of the key that asked for the job. */
  tenants: Pick<Tenants, 'signer'>
  publicUrl: string
}

interface NoticeDeps extends EventDeps {
  jobs: Pick<Jobs, 'get'>
  log: Logger
}

/** `job.progress` is sent when a job passes one of these. */
const PROGRESS_PERCENTS = [25, 50, 75]

/**
 * Turns what happens to a job into webhook events, for jobs whose webhook asks for them. The background role finds
 * final events that are lost here.
 */
export function createJobNotices(deps: NoticeDeps): JobNotices {
  // By the record of one attempt: what an attempt has passed goes with it.
  const passed = new WeakMap<JobRecord, number>()

  async function attempt(job: JobRecord, what: () => Promise<void>): Promise<void> {
    if (!job.request.webhook) return
    try {
      await what()
    } catch (error) {
      deps.log.warn({ err: error, job: job.id }, 'a webhook event was not queued')
    }
  }

  return {
    started: (job) => attempt(job, () => queueEvent(deps, job, 'job.started', `${job.id}_started`)),
    progressed: (job, progress) =>
      attempt(job, async () => {
        const before = passed.get(job) ?? 0
        const reached = PROGRESS_PERCENTS.filter((percent) => percent <= progress.percent).length
        if (reached <= before) return
        passed.set(job, reached)
        await queueProgress(deps, job, progress, PROGRESS_PERCENTS[reached - 1] ?? 0)
      }),
    ended: (job) =>
      attempt(job, async () => {
        const found = await deps.jobs.get(job.tenant, job.id)
        if (found && !('gone' in found)) await announceEnd(deps, found)
      }),
  }
}

/** Queues the final event of a job that has ended. Safe to repeat: the event's id is made from the job's. */
export async function announceEnd(deps: EventDeps, job: JobRecord): Promise<void> {
  if (!job.result) return
  const { status } = job.result
  await queueEvent(deps, job, `job.${status}`, `${job.id}_${status}`)
  await deps.webhooks.announced(job.id)
}

async function queueProgress(deps: EventDeps, job: JobRecord, progress: Progress, percent: number): Promise<void> {
  const id = `${job.id}_${job.attempt}_progress_${percent}`
  await queueEvent(deps, { ...job, progress }, 'job.progress', id)
}

async function queueEvent(deps: EventDeps, job: JobRecord, type: WebhookEventName, id: string): Promise<void> {
  const { webhook, traceparent } = job.request
  if (!webhook?.events.includes(type)) return
  await deps.webhooks.enqueue({
    id: `evt_${id}`,
    tenant: job.tenant,
    job: job.id,
    type,
    url: webhook.url,
    body: await bodyOf(deps, job, type),
    traceparent,
  })
}

async function bodyOf(deps: EventDeps, job: JobRecord, type: WebhookEventName): Promise<string> {
  const { publicUrl } = deps
  const { key, webhook } = job.request
  const signer = key === undefined ? null : await deps.tenants.signer(key)
  if (webhook?.shape === 'prediction')
    return JSON.stringify(toPrediction(job, { publicUrl, output: outputUrls(job, { publicUrl, signer }) }))
  return eventBody(type, new Date(timeOf(type, job)).toISOString(), toJob(job, { publicUrl, signer }))
}

function timeOf(type: WebhookEventName, job: JobRecord): number {
  if (type === 'job.started') return job.startedAt ?? Date.now()
  return type === 'job.progress' ? Date.now() : (job.finishedAt ?? Date.now())
}
