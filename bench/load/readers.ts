import { Agent, type ClientRequest, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../quantile.ts'
import type { BenchCluster } from './cluster.ts'
import { openConnections } from './connections.ts'
import { scrape } from './figures.ts'
import { photoForm, submit } from './submit.ts'

/** What one reader of a job's events saw. */
interface Reader {
  request: ClientRequest
  /** Events by name. */
  seen: Map<string, number>
  /** `performance.now()` at which the stream ended with the job's end, or null. */
  endedAt: number | null
  broken: string | null
}

/** A job of 1.5 s: the first four keep the workers until every reader is there. */
const STEPS = 150
const PATIENCE_MS = 120_000
/** Probes that a reader's presence must not slow down. */
const PROBE_EVERY_MS = 100

/** So many readers of the events of jobs of one api, all at once: what they get, and what they cost. */
export async function measureReaders(cluster: BenchCluster, count: number): Promise<void> {
  const connections = openConnections(4)
  const [tenant] = cluster.tenants
  if (!tenant) throw new Error('there is no tenant')
  const before = await figuresOf(cluster)
  // The workers paint the first jobs; the readers' jobs wait behind them until every reader is there.
  const form = await photoForm(64, { steps: STEPS })
  const jobs: string[] = []
  for (let i = 0; i < 8; i++) {
    const { id, status, code } = await submit(cluster, connections, tenant, form)
    if (id === null) throw new Error(`a job was not accepted: ${status} ${code}`)
    jobs.push(id)
  }
  const watched = jobs.slice(-4)
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })
  const opened = performance.now()
  const readers = Array.from({ length: count }, (_, i) => read(cluster, tenant.token, watched[i % 4] ?? '', agent))
  while (readers.some(({ seen, broken }) => seen.size === 0 && broken === null)) await sleep(20)
  const openMs = performance.now() - opened
  const during = await figuresOf(cluster)

  const probes: number[] = []
  const until = performance.now() + PATIENCE_MS
  while (readers.some(({ endedAt, broken }) => endedAt === null && broken === null) && performance.now() < until) {
    const began = performance.now()
    await connections.send('GET', `${cluster.url}/v1/jobs/${watched[0]}`, { authorization: `Bearer ${tenant.token}` })
    probes.push(performance.now() - began)
    await sleep(PROBE_EVERY_MS)
  }
  const after = await figuresOf(cluster)

  const complete = readers.filter(({ endedAt }) => endedAt !== null)
  const spread = watched.map((_, job) => {
    const times = readers.filter((_, i) => i % 4 === job).flatMap(({ endedAt }) => endedAt ?? [])
    return Math.max(...times) - Math.min(...times)
  })
  const progress = complete.map(({ seen }) => seen.get('progress') ?? 0)
  console.log(`${count} readers of 4 jobs on one api`)
  console.log(
    `all had the current state after ${openMs.toFixed(0)} ms; open streams by the api's own count: ${during.streams}`,
  )
  console.log(`read to the end: ${complete.length}; broken: ${readers.filter(({ broken }) => broken !== null).length}`)
  console.log(`progress events each: p50 ${quantile(progress, 0.5)}, fewest ${Math.min(...progress)}`)
  console.log(`from the first to the last reader to see a job's end: ${Math.max(...spread).toFixed(0)} ms`)
  console.log(
    `another request meanwhile: p50 ${quantile(probes, 0.5).toFixed(1)} ms, p99 ${quantile(probes, 0.99).toFixed(1)} ms`,
  )
  console.log(
    `memory of the api: ${mb(before.rss)} before, ${mb(during.rss)} with all open (${((during.rss - before.rss) / count / 1000).toFixed(1)} kB each), ${mb(after.rss)} after`,
  )
  console.log(`connections of Redis: ${before.redisClients} before, ${during.redisClients} with all open`)
  connections.close()
  agent.destroy()
  if (complete.length < count) process.exitCode = 1
}

function read(cluster: BenchCluster, token: string, job: string, agent: Agent): Reader {
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const reader: Reader = {
    request: get(`${cluster.url}/v1/jobs/${job}/events`, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reader.broken = `answered ${answer.statusCode}`
      let rest = ''
      let last = ''
      answer.on('data', (chunk) => {
        const frames = (rest + chunk).split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) {
          const event = /^event: (.*)$/m.exec(frame)?.[1]
          if (event === undefined) continue
          reader.seen.set(event, (reader.seen.get(event) ?? 0) + 1)
          if (event === 'job') last = /"status":"(\w+)"/.exec(frame)?.[1] ?? ''
        }
      })
      answer.on('close', () => {
        if (last === 'succeeded') reader.endedAt = performance.now()
        else reader.broken ??= `ended after "${last}"`
      })
      answer.on('error', (error) => {
        reader.broken = error.message
      })
    }),
    seen: new Map(),
    endedAt: null,
    broken: null,
  }
  reader.request.on('error', (error) => {
    reader.broken = error.message
  })
  return reader
}

async function figuresOf(cluster: BenchCluster): Promise<{ rss: number; streams: number; redisClients: number }> {
  const figures = await scrape(cluster.metrics.api)
  const clients = await cluster.redis.client('LIST')
  return {
    rss: figures.get('pentimento_api_process_resident_memory_bytes') ?? Number.NaN,
    streams: figures.get('pentimento_event_streams') ?? Number.NaN,
    redisClients: String(clients).trim().split('\n').length,
  }
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
