import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFinal, type Job } from '@pentimento/contracts'
import { type Cluster, startCluster, untilOk } from './cluster.ts'
import { causeFaults, faults, graveFaults } from './faults.ts'
import { longWork, shortWork, startLoad } from './load.ts'
import { startReceiver } from './receiver.ts'
import { judge, settle } from './settle.ts'

export interface ChaosOptions {
  /** For how long things break; or until so many jobs are accepted, with failovers, storage and clocks besides. */
  until: { minutes: number } | { jobs: number }
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
  /** How long each interrupted job waited until it could go on, in ms, the longest last. */
  recoveriesMs: number[]
  faults: Map<string, number>
  answers: Map<string, number>
}

/** Runs load against a real cluster in which everything breaks, then lets it settle and counts. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-chaos-'))
  const receiver = await startReceiver(300)
  let cluster: Cluster | undefined
  try {
    const { lockSeconds, stalledSeconds, onNote, until } = options
    const env = { SLOTS: String(options.slots) }
    const replica = 'jobs' in until
    cluster = await startCluster({ dir, lockSeconds, stalledSeconds, replica, env, onComplaint: onNote })
    const secret = await fetch(`${cluster.urls[0]}/v1/webhook-secret/rotate`, { method: 'POST' })
    if (!secret.ok) throw new Error(`no webhook secret: ${secret.status} ${await secret.text()}`)
    const sketch = fileURLToPath(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))
    const picture = new Blob([await readFile(sketch)])
    const work = replica ? shortWork : longWork
    const load = startLoad({ urls: cluster.urls, clients: options.clients, webhookUrl: receiver.url, picture, work })
    const end = 'minutes' in until ? Date.now() + until.minutes * 60_000 : 0
    const faultsCaused = await causeFaults(cluster, {
      faults: replica ? { ...faults, ...graveFaults } : faults,
      isOver: () => ('jobs' in until ? load.count() >= until.jobs : Date.now() >= end),
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
    const judged = judge(jobs, receiver, load.accepted)
    return { ...judged, ...recovery(cluster, jobs), faults: faultsCaused, answers: load.answers }
  } finally {
    await cluster?.stop()
    await receiver.close()
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

function recovery(cluster: Cluster, jobs: Map<string, Job>) {
  const { waitsMs, waiting } = cluster.attempts.recovery()
  const stuck = waiting.filter((id) => !isFinal(jobs.get(id)?.status ?? 'queued'))
  return { recoveriesMs: waitsMs, stuck }
}
