import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFinal, type Job } from '@pentimento/contracts'
import { causeFaults } from './cause-faults.ts'
import { type Cluster, startCluster, untilOk } from './cluster.ts'
import { unexplained } from './explain.ts'
import { faults } from './faults.ts'
import { graveFaults } from './grave-faults.ts'
import { type Load, longWork, shortWork, startLoad } from './load.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { judge, settle } from './settle.ts'

export interface ChaosOptions {
  /** For how long things break; or until so many jobs are accepted, with failovers, storage and clocks besides. */
  until: { minutes: number } | { jobs: number }
  lockSeconds: number
  stalledSeconds: number
  clients: number
  /** Jobs that each engine runs at once. */
  slots: number
  /** Ends the run early; what was counted until then is told. */
  signal?: AbortSignal
  onNote(line: string): void
}

/** What became of the jobs. */
export interface ChaosResult extends ReturnType<typeof judge> {
  /** Ended early: some of the jobs may have had no time to end. */
  interrupted: boolean
  /** Jobs that failed otherwise than the faults explain, each with its code; and answers that nobody expects. */
  unexplained: string[]
  /** Interrupted jobs that neither ran again nor ended. */
  stuck: string[]
  /** How long each interrupted job waited until it could go on, in ms, and after which fault. */
  waits: { fault: string; ms: number }[]
  faults: Map<string, number>
  answers: Map<string, number>
  seconds: number
}

/** Runs load against a real cluster in which everything breaks, then lets it settle and counts. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-chaos-'))
  const replica = 'jobs' in options.until
  const receiver = await startReceiver(replica ? 100 : 300, replica ? options.clients : 1)
  let cluster: Cluster | undefined
  try {
    const { lockSeconds, stalledSeconds, onNote } = options
    const env = { SLOTS: String(options.slots) }
    cluster = await startCluster({ dir, lockSeconds, stalledSeconds, replica, env, onComplaint: onNote })
    const secret = await fetch(`${cluster.urls[0]}/v1/webhook-secret/rotate`, { method: 'POST' })
    if (!secret.ok) throw new Error(`no webhook secret: ${secret.status} ${await secret.text()}`)
    const sketch = fileURLToPath(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))
    const picture = new Blob([await readFile(sketch)])
    return await attack(cluster, receiver, picture, options)
  } finally {
    await cluster?.stop()
    await receiver.close()
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function attack(
  cluster: Cluster,
  receiver: Receiver,
  picture: Blob,
  options: ChaosOptions,
): Promise<ChaosResult> {
  const { until, lockSeconds, onNote, signal } = options
  const many = 'jobs' in until
  const load = startLoad({
    urls: cluster.urls,
    clients: options.clients,
    webhookUrls: receiver.urls,
    picture,
    work: many ? shortWork : longWork,
    wasTold: (id) => receiver.ended.has(id),
  })
  const begin = Date.now()
  const counts = new Map<string, number>()
  const telling = setInterval(() => onNote(soFar(load, receiver, counts, begin)), 60_000)
  try {
    await causeFaults(cluster, {
      faults: many ? { ...faults, ...graveFaults } : faults,
      isOver: () =>
        'jobs' in until
          ? load.count() >= until.jobs
          : Date.now() - begin >= until.minutes * 60_000 && counts.size === Object.keys(faults).length,
      signal,
      everyMs: many ? 5000 : 3000,
      // Some beyond the locks; where there are many, more of them short, so that the others come about as often.
      stopMs: () => lockSeconds * (many ? 300 + 1000 * Math.random() ** 3 : 450 + 1500 * Math.random()),
      onFault: onNote,
      counts,
    })
    onNote('no more faults; waiting for every job to end')
    await load.stop()
    await untilOk(cluster.urls.map((url) => `${url}/readyz`))
    const ids = [...new Set([...load.accepted.values()].flatMap((set) => [...set]))]
    onNote(`${ids.length} accepted; waiting for their ends and webhooks`)
    const jobs = signal?.aborted ? receiver.ended : await settle(cluster, receiver, ids, options)
    const { waits, waiting } = cluster.attempts.recovery()
    return {
      ...judge(jobs, receiver, load.accepted),
      interrupted: signal?.aborted ?? false,
      unexplained: [...unexplained([...jobs.values()], cluster.attempts, counts), ...load.unexpected],
      stuck: waiting.filter((id) => !isFinal(jobs.get(id)?.status ?? 'queued')),
      waits,
      faults: counts,
      answers: load.answers,
      seconds: (Date.now() - begin) / 1000,
    }
  } finally {
    clearInterval(telling)
  }
}

function soFar(load: Load, receiver: Receiver, faultsSoFar: Map<string, number>, begin: number): string {
  const failed = [...receiver.ended.values()].filter((job: Job) => job.status !== 'succeeded').length
  const faultCount = [...faultsSoFar.values()].reduce((sum, count) => sum + count, 0)
  const minutes = Math.round((Date.now() - begin) / 60_000)
  return `minute ${minutes}: ${load.count()} accepted, ${receiver.ended.size} told as ended (${failed} not succeeded), ${faultCount} faults`
}
