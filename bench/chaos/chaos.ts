import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isFinal, type Job } from '@pentimento/contracts'
import { type Cluster, startCluster, untilOk } from './cluster.ts'
import { causeFaults } from './faults.ts'
import { startLoad } from './load.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export interface ChaosOptions {
  minutes: number
  lockSeconds: number
  stalledSeconds: number
  clients: number
  /** Jobs that each engine runs at once. */
  slots: number
  /** Ends the run early; everything that was started is stopped all the same. */
  signal?: AbortSignal
  onNote(line: string): void
}

/** What became of the jobs. All promises hold when `lost`, `doubled` and `webhooksMissing` are empty and `stuck` is. */
export interface ChaosResult {
  accepted: number
  succeeded: number
  /** Ended otherwise, by error code. */
  failed: Map<string, number>
  lost: string[]
  doubled: string[]
  webhooksMissing: string[]
  /** Interrupted jobs that neither ran again nor ended. */
  stuck: string[]
  interrupted: number
  longestRecoveryMs: number
  faults: Map<string, number>
  answers: Map<string, number>
}

/** Runs load against a real cluster in which everything breaks, then lets it settle and counts. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-chaos-'))
  const receiver = await startReceiver(300)
  let cluster: Cluster | undefined
  try {
    const { lockSeconds, stalledSeconds, onNote } = options
    const env = { SLOTS: String(options.slots) }
    cluster = await startCluster({ dir, lockSeconds, stalledSeconds, env, onComplaint: onNote })
    const secret = await fetch(`${cluster.urls[0]}/v1/webhook-secret/rotate`, { method: 'POST' })
    if (!secret.ok) throw new Error(`no webhook secret: ${secret.status} ${await secret.text()}`)
    const sketch = fileURLToPath(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))
    const picture = new Blob([await readFile(sketch)])
    const load = startLoad({ urls: cluster.urls, clients: options.clients, webhookUrl: receiver.url, picture })
    const until = Date.now() + options.minutes * 60_000
    const faults = await causeFaults(cluster, until, {
      signal: options.signal,
      everyMs: 3000,
      stopMs: lockSeconds * 1500,
      onFault: onNote,
    })
    options.signal?.throwIfAborted()
    onNote('no more faults; waiting for every job to end')
    await load.stop()
    await untilOk(cluster.urls.map((url) => `${url}/readyz`))
    const ids = [...load.accepted.values()].flatMap((set) => [...set])
    onNote(`${ids.length} accepted; waiting for their ends and webhooks`)
    const jobs = await settle(cluster, receiver, [...new Set(ids)], options)
    return { ...judge(jobs, receiver, load.accepted), ...recovery(cluster, jobs), faults, answers: load.answers }
  } finally {
    await cluster?.stop()
    await receiver.close()
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Asks for every job until all have ended and their webhooks have come, or 90 s have passed without a change. */
async function settle(
  cluster: Cluster,
  receiver: Receiver,
  ids: string[],
  { onNote, signal }: Pick<ChaosOptions, 'onNote' | 'signal'>,
): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>()
  let open = ids
  for (let quietSince = Date.now(); open.length > 0 && Date.now() - quietSince < 90_000; ) {
    signal?.throwIfAborted()
    const before = open.length
    for (const id of open) {
      const answer = await fetch(`${cluster.urls[0]}/v1/jobs/${id}`, { signal: AbortSignal.timeout(5000) })
      if (answer.ok) jobs.set(id, (await answer.json()) as Job)
      const ended = jobs.get(id)
      if (ended?.status === 'succeeded' && !(await hasPicture(cluster, ended))) jobs.delete(id)
    }
    open = open.filter((id) => {
      const job = jobs.get(id)
      return job === undefined || !isFinal(job.status) || !receiver.events.get(id)?.has(`job.${job.status}`)
    })
    if (open.length < before) {
      quietSince = Date.now()
      onNote(`${open.length} to go`)
    }
    if (open.length > 0) await sleep(500)
  }
  return jobs
}

/** Whether the picture that the record names is there, byte for byte: a result without it would be no result. */
async function hasPicture(cluster: Cluster, { id, images: [image] }: Job): Promise<boolean> {
  const answer = await fetch(`${cluster.urls[0]}/v1/jobs/${id}/images/0`, { signal: AbortSignal.timeout(5000) })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return answer.ok && createHash('sha256').update(bytes).digest('hex') === image?.sha256
}

function judge(jobs: Map<string, Job>, receiver: Receiver, accepted: Map<string, Set<string>>) {
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

function recovery(cluster: Cluster, jobs: Map<string, Job>) {
  const { longestMs, waiting, count } = cluster.attempts.recovery()
  const stuck = waiting.filter((id) => !isFinal(jobs.get(id)?.status ?? 'queued'))
  return { longestRecoveryMs: longestMs, interrupted: count, stuck }
}
