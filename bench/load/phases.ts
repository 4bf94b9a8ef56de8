import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '@pentimento/contracts'
import { poissonArrivals } from './arrivals.ts'
import type { BenchCluster, Tenant } from './cluster.ts'
import type { Connections } from './connections.ts'
import { scrape } from './figures.ts'
import { type Ended, followToEnd } from './follow.ts'
import { type Form, type Submitted, submit } from './submit.ts'

export interface Load {
  cluster: BenchCluster
  connections: Connections
  form: Form
}

export interface PhaseResult {
  submitted: Submitted[]
  ended: Ended[]
  /** Epoch milliseconds between which requests were sent. */
  from: number
  to: number
}

/** Open-loop load by tenants chosen at random; resolves when every accepted job has ended. */
export async function arrive(load: Load, perSecond: number, seconds: number): Promise<PhaseResult> {
  const { cluster, connections, form } = load
  const from = Date.now()
  const following: Promise<Ended>[] = []
  const submitted = await poissonArrivals(perSecond, seconds, async () => {
    const one = await submit(cluster, connections, anyOf(cluster.tenants), form)
    if (one.id !== null) following.push(followToEnd(cluster, connections, one))
    return one
  })
  const to = Date.now()
  return { submitted, ended: await Promise.all(following), from, to }
}

const IN_FLIGHT = 40
const CLIENTS = 8
const WARM_UP_MS = 3000

export interface Capacity {
  perSecond: number
  /** Of each job that was told its end beforehand: the seconds foretold by those it took. */
  etaRatios: number[]
}

/** What the workers end while there is always a job waiting. Resolves when none is left. */
export async function measureCapacity(load: Load, seconds: number): Promise<Capacity> {
  const { cluster, connections, form } = load
  const before = await endedJobs(cluster)
  const until = Date.now() + WARM_UP_MS + seconds * 1000
  const accepted: Submitted[] = []
  let ended = 0
  const client = async () => {
    while (Date.now() < until) {
      if (accepted.length - ended >= IN_FLIGHT) await sleep(20)
      else {
        const one = await submit(cluster, connections, anyOf(cluster.tenants), form)
        if (one.id !== null) accepted.push(one)
      }
    }
  }
  const watch = async () => {
    while (Date.now() < until || ended < accepted.length) {
      ended = (await endedJobs(cluster)) - before
      await sleep(100)
    }
  }
  const measure = async () => {
    await sleep(WARM_UP_MS)
    const [began, first] = [performance.now(), ended]
    await sleep(Math.max(0, until - Date.now()))
    return ((ended - first) / (performance.now() - began)) * 1000
  }
  const [perSecond] = await Promise.all([measure(), watch(), ...Array.from({ length: CLIENTS }, client)])
  return { perSecond, etaRatios: await etaRatios(load, accepted) }
}

async function etaRatios({ cluster, connections }: Load, accepted: readonly Submitted[]): Promise<number[]> {
  const ratios: number[] = []
  for (const { id, eta, tenant } of accepted) {
    if (eta === null) continue
    const headers = { authorization: `Bearer ${tenant.token}` }
    const { body } = await connections.send('GET', `${cluster.url}/v1/jobs/${id}`, headers)
    const { created_at, finished_at } = JSON.parse(body) as Job
    if (finished_at) ratios.push((eta * 1000) / (Date.parse(finished_at) - Date.parse(created_at)))
  }
  return ratios
}

async function endedJobs(cluster: BenchCluster): Promise<number> {
  const figures = await Promise.all(cluster.metrics.workers.map(scrape))
  return figures.reduce(
    (sum, one) => sum + (one.get('pentimento_jobs_ended_total{status="succeeded",code=""}') ?? 0),
    0,
  )
}

function anyOf(tenants: readonly Tenant[]): Tenant {
  const tenant = tenants[Math.floor(Math.random() * tenants.length)]
  if (!tenant) throw new Error('there are no tenants')
  return tenant
}
