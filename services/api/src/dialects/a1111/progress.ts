import { isFinal } from '@pentimento/contracts'
import { scalePicture } from '@pentimento/images'
import type { JobRecord } from '@pentimento/state'
import type { Caller } from '../../http/auth.ts'
import { cancelJob } from '../../jobs.ts'
import { decodeLimits } from '../../submit/decoding.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { timestamp } from './info.ts'
import { readOptions } from './options.ts'
import type { Previews } from './previews.ts'
import { newestRunning, runningOf } from './running.ts'

interface Standing {
  /** 0 to 1 over all jobs of the request; never 0 while it is under way. */
  progress: number
  eta: number
  isQueued: boolean
  step: number
  steps: number
  /** Of the request's jobs, the one that is on. */
  current: JobRecord
  number: number
  jobs: JobRecord[]
  what: string
}

/** How far the tenant's newest request is; null while none is under way. */
async function standingOf(deps: DialectDeps, tenant: string, task?: string): Promise<Standing | null> {
  const found = await newestRunning(deps, tenant, (running) => task === undefined || running.task === task)
  const number = found?.jobs.findIndex(({ status }) => !isFinal(status)) ?? -1
  const current = found?.jobs[number]
  if (!found || !current) return null
  const { etaSeconds } = await deps.state.jobs.standing(current)
  const share = (current.progress?.percent ?? 0) / 100
  const progress = Math.max(0.01, (number + share) / found.jobs.length)
  const elapsed = current.startedAt === null ? 0 : (Date.now() - current.startedAt) / 1000
  return {
    progress,
    eta: etaSeconds ?? (share > 0 ? elapsed / share - elapsed : 0),
    isQueued: current.status === 'queued',
    step: current.progress?.step ?? 0,
    steps: current.progress?.steps ?? 0,
    current,
    number,
    jobs: found.jobs,
    what: found.running.what,
  }
}

const idle = {
  progress: 0,
  eta_relative: 0,
  state: stateOf({ job: '', job_count: 0, job_timestamp: '0', job_no: 0, sampling_step: 0, sampling_steps: 0 }),
  current_image: null,
  textinfo: null,
}

function stateOf(own: object) {
  return { skipped: false, interrupted: false, stopping_generation: false, ...own }
}

/** What `progress` answers. Idle is zero exactly, and a job that waits is not idle. */
export async function progressView(deps: DialectDeps, caller: Caller, previews: Previews, withImage: boolean) {
  const now = await standingOf(deps, caller.tenant)
  if (now === null) return idle
  return {
    progress: now.progress,
    eta_relative: now.eta,
    state: stateOf({
      job: `scripts_${now.what}`,
      job_count: now.jobs.length,
      job_timestamp: timestamp(new Date(now.current.createdAt)),
      job_no: now.number,
      sampling_step: now.step,
      sampling_steps: now.steps,
      interrupted: now.current.cancelRequestedAt !== null,
    }),
    current_image: withImage ? await currentImage(deps, caller, previews, now) : null,
    textinfo: now.isQueued ? 'In queue' : null,
  }
}

/** What `internal/progress` answers of the request that its client gave this name (`force_task_id`). */
export async function taskView(deps: DialectDeps, caller: Caller, previews: Previews, task: string) {
  const now = task === '' ? null : await standingOf(deps, caller.tenant, task)
  const image = now && (await currentImage(deps, caller, previews, now))
  return {
    active: now !== null && !now.isQueued,
    queued: now?.isQueued ?? false,
    completed: now === null,
    progress: now?.progress ?? null,
    eta: now?.eta ?? null,
    live_preview: image && `data:image/png;base64,${image}`,
    id_live_preview: image ? (now?.step ?? 0) : -1,
    textinfo: now?.isQueued ? 'In queue' : null,
  }
}

/** The picture so far as PNG in base64: clients take anything else for a JPEG. */
async function currentImage(
  deps: DialectDeps,
  caller: Caller,
  previews: Previews,
  { current }: Standing,
): Promise<string | null> {
  const every = Number((await readOptions(deps, caller)).show_progress_every_n_steps)
  const preview = previews.look(current.id, Number.isInteger(every) && every > 0 ? Math.min(every, 150) : 1)
  if (preview === null) return null
  const png = await scalePicture(preview, { quality: null, format: 'png' }, decodeLimits)
  return png.toString('base64')
}

/** Ends what the tenant has under way: all of it, since its clients know of one. */
export async function interrupt(deps: DialectDeps, tenant: string): Promise<void> {
  for (const { jobs } of await runningOf(deps, tenant)) for (const id of jobs) await cancelJob(deps, tenant, id)
}
