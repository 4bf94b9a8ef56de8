import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '@pentimento/contracts'
import type { BenchCluster } from './cluster.ts'
import type { Connections } from './connections.ts'
import type { Submitted } from './submit.ts'

/** What became of an accepted job; `status` is `lost` when nobody could tell its end. */
export interface Ended {
  tenant: string
  status: string
  /** Epoch milliseconds. */
  finishedAt: number
}

const FIRST_MS = 1000
const EVERY_MS = 3000
const PATIENCE_MS = 300_000

/** Polls an accepted job until it ends, as a plain client does. */
export async function followToEnd(
  cluster: BenchCluster,
  connections: Connections,
  { tenant, id }: Submitted,
): Promise<Ended> {
  const until = Date.now() + PATIENCE_MS
  let last = 'no answer'
  await sleep(FIRST_MS)
  while (Date.now() < until) {
    const headers = { authorization: `Bearer ${tenant.token}` }
    const answer = await connections.send('GET', `${cluster.url}/v1/jobs/${id}`, headers).catch(() => null)
    if (answer?.status === 200) {
      const { status, finished_at } = JSON.parse(answer.body) as Job
      if (finished_at !== null) return { tenant: tenant.name, status, finishedAt: Date.parse(finished_at) }
      last = status
    } else if (answer && answer.status < 500)
      return { tenant: tenant.name, status: `lost (${answer.status})`, finishedAt: 0 }
    await sleep(EVERY_MS)
  }
  return { tenant: tenant.name, status: `lost (${last})`, finishedAt: 0 }
}
