import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, type Job } from '@pentimento/contracts'
import type { Receiver } from './receiver.ts'

/** Where jobs are asked for. */
interface Service {
  urls: string[]
}

/** For how long nothing may change: nothing that runs, and a webhook beside its retry after five minutes. */
const patienceMs = { jobs: 90_000, webhooks: 330_000 }

/** Asks for every job until all have ended and their webhooks have come, or nothing changes any more, or it is told to end. */
export async function settle(
  service: Service,
  receiver: Receiver,
  ids: string[],
  { onNote, signal }: { onNote(line: string): void; signal?: AbortSignal | undefined },
): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>()
  let open = ids
  const isQuiet = (sinceMs: number) =>
    sinceMs > (open.every((id) => isFinal(jobs.get(id)?.status ?? 'queued')) ? patienceMs.webhooks : patienceMs.jobs)
  for (let quietSince = Date.now(); open.length > 0 && !signal?.aborted && !isQuiet(Date.now() - quietSince); ) {
    const before = open.length
    await inParallel(4, open, async (id, place) => {
      const url = service.urls[place % service.urls.length] ?? ''
      // What cannot be read now is read in the next round.
      const job = signal?.aborted ? null : await read(url, id).catch(() => null)
      if (job !== null) jobs.set(id, job)
    })
    open = open.filter((id) => {
      const job = jobs.get(id)
      return job === undefined || !isFinal(job.status) || !receiver.events.get(id)?.has(`job.${job.status}`)
    })
    if (open.length < before) {
      quietSince = Date.now()
      onNote(`${open.length} to go: ${told(open, jobs)}`)
    }
    if (open.length > 0) await sleep(500)
  }
  return jobs
}

/** Calls `act` for all, so many at a time. */
async function inParallel(places: number, ids: string[], act: (id: string, place: number) => Promise<void>) {
  const rest = ids.values()
  const take = async (place: number) => {
    for (const id of rest) await act(id, place)
  }
  await Promise.all(Array.from({ length: places }, (_, place) => take(place)))
}

/** How many are in which status; those that have ended wait for their webhook. */
function told(open: string[], jobs: Map<string, Job>): string {
  const counts = new Map<string, number>()
  for (const id of open) {
    const status = jobs.get(id)?.status ?? 'unknown'
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ')
}

/** The job, unless it says that it has a picture which is not there. */
async function read(url: string, id: string): Promise<Job | null> {
  const answer = await fetch(`${url}/v1/jobs/${id}`, { signal: AbortSignal.timeout(5000) })
  if (!answer.ok) return null
  const job = (await answer.json()) as Job
  return job.status !== 'succeeded' || (await hasPicture(url, job)) ? job : null
}

/** Whether the picture that the record names is there, byte for byte: a result without it would be no result. */
async function hasPicture(url: string, { id, images: [image] }: Job): Promise<boolean> {
  const answer = await fetch(`${url}/v1/jobs/${id}/images/0`, { signal: AbortSignal.timeout(5000) })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return answer.ok && createHash('sha256').update(bytes).digest('hex') === image?.sha256
}

/** What became of jobs that were accepted, by idempotency key. */
export function judge(jobs: Map<string, Job>, receiver: Receiver, accepted: Map<string, Set<string>>) {
  const ids = [...new Set([...accepted.values()].flatMap((set) => [...set]))]
  const ended = ids.map((id) => jobs.get(id)).filter((job) => job !== undefined && isFinal(job.status)) as Job[]
  const failed = new Map<string, number>()
  for (const job of ended)
    if (job.status !== 'succeeded')
      failed.set(job.error?.code ?? job.status, (failed.get(job.error?.code ?? job.status) ?? 0) + 1)
  const finals = (id: string) =>
    ['succeeded', 'failed', 'canceled', 'expired'].flatMap((status) => [
      ...(receiver.events.get(id)?.get(`job.${status}`) ?? []),
    ])
  return {
    /** Jobs; for each idempotency key one, or the key counts as doubled. */
    accepted: ids.length,
    succeeded: ended.filter((job) => job.status === 'succeeded').length,
    failed,
    lost: ids.filter((id) => !ended.some((job) => job.id === id)),
    doubled: [
      ...[...accepted].filter(([, set]) => set.size > 1).map(([key]) => key),
      ...ids.filter((id) => new Set(finals(id)).size > 1),
    ],
    webhooksMissing: ended.filter((job) => !receiver.events.get(job.id)?.has(`job.${job.status}`)).map((job) => job.id),
  }
}
