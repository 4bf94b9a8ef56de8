import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type BenchCluster, startBenchCluster } from './cluster.ts'
import { openConnections } from './connections.ts'
import { infoOf, redisWork, scrape } from './figures.ts'
import { followToEnd } from './follow.ts'
import { photoForm, submit } from './submit.ts'

// What one job costs, without a model: the figures of docs/scaling.md.

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '200' } } })
const jobs = Number(values.jobs)
const SIDE = 512
const CLIENTS = 4
/** What happens when nothing happens, to be taken off. */
const IDLE_SECONDS = 10

const cluster = await startBenchCluster({ workers: 1, tenants: 4, maxQueued: 1000, maxQueueDepth: 10_000 })
const connections = openConnections(CLIENTS)
try {
  await main()
} finally {
  connections.close()
  await cluster.stop()
}

async function main(): Promise<void> {
  const form = await photoForm(SIDE, { steps: 20 })
  // Scripts are loaded, code is compiled, connections are open.
  await run(form, 20)
  const idleFrom = await look(cluster)
  await sleep(IDLE_SECONDS * 1000)
  const idleTo = await look(cluster)
  const from = await look(cluster)
  const began = performance.now()
  await run(form, jobs)
  const seconds = (performance.now() - began) / 1000
  const to = await look(cluster)
  const id = await anyJob()

  const perJob = (of: (figures: Figures) => number) => {
    const idle = ((of(idleTo) - of(idleFrom)) / IDLE_SECONDS) * seconds
    return (of(to) - of(from) - idle) / jobs
  }
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
  const ms = (s: number) => `${(s * 1000).toFixed(2)} ms`
  const idlePerSecond = (idleTo.commands - idleFrom.commands) / IDLE_SECONDS
  console.log(`${jobs} jobs of ${SIDE} × ${SIDE} pixels and 20 steps, one image, ${CLIENTS} clients that poll, in ${seconds.toFixed(0)} s; what an idle service does is taken off

Redis, for one job
  commands                 ${perJob((f) => f.commands).toFixed(0)}, most of them within ${perJob((f) => f.calls.get('evalsha') ?? 0).toFixed(0)} scripts; in ${perJob((f) => f.reads).toFixed(0)} reads from sockets
  CPU                      ${ms(perJob((f) => f.redisCpu))}
  memory until it expires  ${kB(perJob((f) => f.redisMemory))}, of which its record ${kB(await recordBytes(id))}
  keys                     ${perJob((f) => f.keys).toFixed(2)}
  append-only file         ${kB(perJob((f) => f.aof))}
  network, both ways       ${kB(perJob((f) => f.redisNet))}
  most frequent            ${mostFrequent(from, to)}
Redis, idle: ${idlePerSecond.toFixed(0)} commands/s with one api and one worker

api, for one job (one submit of ${kB(form.body.length)}, ${(perJob((f) => f.apiRequests) - 1).toFixed(1)} polls)
  CPU                      ${ms(perJob((f) => f.apiCpu))}
  of which a poll          ${ms(await pollCpu(id))}
worker, for one job (decoding, encoding, queue; without the engine)
  CPU                      ${ms(perJob((f) => f.workerCpu))}

storage, for one job
  written                  ${kB(perJob((f) => f.stored))} in ${perJob((f) => f.objects).toFixed(0)} objects (one input, one result)
  read by the worker       ${kB(form.body.length)} in 1, and once more for each download of a result`)
}

async function run(form: Awaited<ReturnType<typeof photoForm>>, count: number): Promise<void> {
  let left = count
  const client = async (number: number) => {
    while (left-- > 0) {
      const tenant = cluster.tenants[number % cluster.tenants.length]
      if (!tenant) throw new Error('there is no tenant')
      const submitted = await submit(cluster, connections, tenant, form)
      if (submitted.id === null) throw new Error(`a job was not accepted: ${submitted.status} ${submitted.code}`)
      const { status } = await followToEnd(cluster, connections, submitted)
      if (status !== 'succeeded') throw new Error(`a job ended as ${status}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
}

/** CPU seconds of the api for one GET of a job. */
async function pollCpu(id: string): Promise<number> {
  const headers = { authorization: `Bearer ${cluster.tenants[0]?.token}` }
  const polls = 1000
  const before = (await look(cluster)).apiCpu
  for (let i = 0; i < polls; i++) await connections.send('GET', `${cluster.url}/v1/jobs/${id}`, headers)
  return ((await look(cluster)).apiCpu - before) / polls
}

/** The latest job of the first tenant. */
async function anyJob(): Promise<string> {
  const headers = { authorization: `Bearer ${cluster.tenants[0]?.token}` }
  const list = await connections.send('GET', `${cluster.url}/v1/jobs?limit=1`, headers)
  return JSON.parse(list.body).data[0].id
}

async function recordBytes(id: string): Promise<number> {
  return Number(await cluster.redis.memory('USAGE', `{pentimento}:job:${id}`, 'SAMPLES', 0))
}

interface Figures {
  calls: Map<string, number>
  commands: number
  reads: number
  redisCpu: number
  redisMemory: number
  keys: number
  redisNet: number
  aof: number
  apiCpu: number
  apiRequests: number
  workerCpu: number
  stored: number
  objects: number
}

async function look({ redis, metrics, storageDir }: BenchCluster): Promise<Figures> {
  const [work, stats, memory, keys, api, worker, files] = await Promise.all([
    redisWork(redis),
    infoOf(redis, 'stats'),
    infoOf(redis, 'memory'),
    redis.dbsize(),
    scrape(metrics.api),
    scrape(metrics.workers[0] ?? ''),
    filesBelow(storageDir),
  ])
  const requests = [...api].filter(([name]) => name.startsWith('pentimento_http_request_seconds_count'))
  return {
    calls: work.calls,
    commands: [...work.calls.values()].reduce((sum, calls) => sum + calls, 0),
    reads: Number(stats.total_reads_processed),
    redisCpu: work.cpuSeconds,
    redisMemory: Number(memory.used_memory),
    keys,
    redisNet: work.netBytes,
    aof: work.aofBytes,
    apiCpu: api.get('pentimento_api_process_cpu_seconds_total') ?? Number.NaN,
    apiRequests: requests.reduce((sum, [, count]) => sum + count, 0),
    workerCpu: worker.get('pentimento_worker_process_cpu_seconds_total') ?? Number.NaN,
    stored: files.reduce((sum, bytes) => sum + bytes, 0),
    objects: files.length,
  }
}

async function filesBelow(dir: string): Promise<number[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size))
}

function mostFrequent(from: Figures, to: Figures): string {
  return [...to.calls]
    .map(([name, calls]): [string, number] => [name, (calls - (from.calls.get(name) ?? 0)) / jobs])
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([name, calls]) => `${name} ${calls.toFixed(0)}`)
    .join(', ')
}
