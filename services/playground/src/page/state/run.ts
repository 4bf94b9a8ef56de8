import type { Job, JobSource } from '@pentimento/contracts'
import { type Signal, signal } from '@preact/signals'
import type { Guides } from './guides.ts'

/**
 * What is kept of a run between visits: enough to find its job again, or to send it again if the answer never came, and
 * to show it when the service has let it go.
 */
export interface StoredRun {
  /** Also the request's Idempotency-Key, so that sending it again cannot make a second job. */
  key: string
  jobId: string | null
  kind: Job['kind']
  fields: [name: string, value: string][]
  /** Null where the prompt alone is painted. */
  input: Blob | null
  mask: Blob | null
  /** Control and reference images. Runs that an earlier page kept have none. */
  guides?: Guides
  /** Runs of one strength sweep share this. */
  sweep: string | null
  createdAt: number
  /** The result that it began from. Runs that an earlier page kept have none of these. */
  source?: JobSource | null
  /** The job as it ended. */
  ended?: Job
  /** A small copy of each of its pictures. */
  thumbnails?: Blob[]
}

interface RunProblem {
  text: string
  /** Whether sending it again may help. */
  again: boolean
}

export interface Run {
  stored: StoredRun
  job: Signal<Job | null>
  /** Addresses of the latest preview of each picture. */
  previews: Signal<readonly (string | undefined)[]>
  secondsLeft: Signal<number | null>
  problem: Signal<RunProblem | null>
  /** Whether the service has no room yet, and the run is sent again by itself. */
  held: Signal<boolean>
  /** Ends the following of the job, not the job. */
  following: AbortController
}

export function runOf(stored: StoredRun): Run {
  return {
    stored,
    job: signal(stored.ended ?? null),
    previews: signal([]),
    secondsLeft: signal(null),
    problem: signal(null),
    held: signal(false),
    following: new AbortController(),
  }
}

export function isActive(run: Run): boolean {
  return run.problem.value === null && isUnderWay(run.job.value?.status)
}

/**
 * Takes what one of the service's answers says of a run's job. Events and answers overtake each other: what has ended
 * stays so.
 */
export function tellRun(run: Run, job: Job): void {
  if (isUnderWay(run.job.value?.status)) run.job.value = job
}

function isUnderWay(status: Job['status'] | undefined): boolean {
  return status === undefined || status === 'queued' || status === 'processing'
}

/** The files that a run sends, by their fields. */
export function filesOf({ input, mask, guides }: StoredRun): [field: string, file: Blob][] {
  return Object.entries({ image: input, mask, ...guides }).filter((entry): entry is [string, Blob] => entry[1] !== null)
}

/** What the file of a field is called. */
export function fileNameOf(field: string): string {
  return field === 'image' ? 'input.png' : `${field}.png`
}

export function fieldOf(run: Pick<Run, 'stored'>, name: string): string {
  return run.stored.fields.find(([field]) => field === name)?.[1] ?? ''
}
