import type { Progress, WebhookEventName } from '@pentimento/contracts'
import { type JobRecord, type Jobs, toJob, type Webhooks } from '@pentimento/state'
import type { Logger } from 'pino'
import type { JobNotices } from '../generate/run-attempt.ts'
import { eventBody } from './event-body.ts'

export interface NoticeDeps {
  jobs: Pick<Jobs, 'get'>
  webhooks: Pick<Webhooks, 'enqueue' | 'announced'>
  publicUrl: string
  log: Logger
}

/** `job.progress` is sent when a job passes one of these. */
const PROGRESS_PERCENTS = [25, 50, 75]

/** Turns what happens to a job into webhook events, for jobs whose webhook asks for them. A final event that is lost here is found by {@link announceEnd}'s sweep. */
export function createJobNotices(deps: NoticeDeps): JobNotices {
  const passed = new Map<string, number>()

  async function attempt(job: JobRecord, what: () => Promise<void>): Promise<void> {
    if (!job.request.webhook) return
    try {
      await what()
    } catch (error) {
      deps.log.warn({ err: error, job: job.id }, 'a webhook event was not queued')
    }
  }

  return {
    started: (job) => attempt(job, () => queueEvent(deps, job, 'job.started', `${job.id}.started`)),
    progressed: (job, progress) =>
      attempt(job, async () => {
        const before = passed.get(job.id) ?? 0
        const reached = PROGRESS_PERCENTS.filter((percent) => percent <= progress.percent).length
        if (reached <= before) return
        passed.set(job.id, reached)
        await queueProgress(deps, job, progress, PROGRESS_PERCENTS[reached - 1] ?? 0)
      }),
    ended: async (job) => {
      passed.delete(job.id)
      await attempt(job, () => announceEnd(deps, job.tenant, job.id))
    },
  }
}

/** Queues the final event of a job that has ended. Safe to repeat: the event's id is the job's. */
export async function announceEnd(deps: NoticeDeps, tenant: string, id: string): Promise<void> {
  const job = await deps.jobs.get(tenant, id)
  if (job && !('gone' in job) && job.result) {
    const type = `job.${job.result.status}` as const
    await queueEvent(deps, job, type, `${id}.${job.result.status}`)
  }
  await deps.webhooks.announced(id)
}

async function queueProgress(deps: NoticeDeps, job: JobRecord, progress: Progress, percent: number): Promise<void> {
  const id = `${job.id}.${job.attempt}.progress.${percent}`
  await queueEvent(deps, { ...job, progress }, 'job.progress', id)
}

async function queueEvent(deps: NoticeDeps, job: JobRecord, type: WebhookEventName, id: string): Promise<void> {
  const { webhook, traceparent } = job.request
  if (!webhook?.events.includes(type)) return
  const timestamp = new Date(timeOf(type, job)).toISOString()
  await deps.webhooks.enqueue({
    id: `evt_${id}`,
    tenant: job.tenant,
    job: job.id,
    type,
    url: webhook.url,
    body: eventBody(type, timestamp, toJob(job, { publicUrl: deps.publicUrl })),
    traceparent,
  })
}

function timeOf(type: WebhookEventName, job: JobRecord): number {
  if (type === 'job.started') return job.startedAt ?? Date.now()
  return type === 'job.progress' ? Date.now() : (job.finishedAt ?? Date.now())
}
