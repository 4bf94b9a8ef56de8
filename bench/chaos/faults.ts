import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt } from './attempts.ts'
import type { Cluster } from './cluster.ts'
import type { Supervised } from './supervise.ts'

/** Something that goes wrong; resolves when it is over, with the attempts that it hit; to null if it could not be. */
export type Fault = (cluster: Cluster, stopMs: number) => Promise<Attempt[] | null>

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T
const generators = (cluster: Cluster) => cluster.workers.filter(({ name }) => name.startsWith('worker'))

/**
 * Waits for a job to strike, so that a fast machine, whose workers are mostly idle, is tested as hard as a slow one.
 */
export function busy(cluster: Cluster, worker?: Supervised): Promise<Attempt[]> {
  const paints = worker === undefined || generators(cluster).includes(worker)
  return cluster.attempts.running(worker?.name, paints ? 2000 : 0)
}

async function held(target: Supervised, stopMs: number): Promise<void> {
  target.kill('SIGSTOP')
  await sleep(stopMs)
  target.kill('SIGCONT')
}

export const faults: Record<string, Fault> = {
  'kill worker': async (cluster) => {
    const worker = pick(cluster.workers)
    const hit = await busy(cluster, worker)
    worker.kill('SIGKILL')
    return hit
  },
  'kill engine': async (cluster) => {
    const worker = pick(generators(cluster))
    const hit = await busy(cluster, worker)
    signalEach(await cluster.engines(worker), 'SIGKILL')
    return hit
  },
  'kill api': async (cluster) => {
    pick(cluster.apis).kill('SIGKILL')
    return []
  },
  'stop worker': async (cluster, stopMs) => {
    const worker = pick(cluster.workers)
    const hit = await busy(cluster, worker)
    await held(worker, stopMs)
    return hit
  },
  'stop engine': async (cluster, stopMs) => {
    const worker = pick(generators(cluster))
    const hit = await busy(cluster, worker)
    const pids = await cluster.engines(worker)
    signalEach(pids, 'SIGSTOP')
    await sleep(stopMs)
    signalEach(pids, 'SIGCONT')
    return hit
  },
  'stop api': async (cluster, stopMs) => {
    await held(pick(cluster.apis), stopMs)
    return []
  },
  'kill redis': async (cluster) => {
    const hit = await busy(cluster)
    cluster.redis.master().kill('SIGKILL')
    await sleep(700)
    return hit
  },
  'restart redis': async (cluster) => {
    const hit = await busy(cluster)
    cluster.redis.master().kill('SIGTERM')
    await sleep(1000)
    return hit
  },
  'stop redis': async (cluster, stopMs) => {
    const hit = await busy(cluster)
    await held(cluster.redis.master(), stopMs)
    return hit
  },
  'pause network': async (cluster, stopMs) => {
    const hit = await busy(cluster)
    cluster.redis.network.pause()
    await sleep(stopMs)
    cluster.redis.network.resume()
    return hit
  },
  'cut network': async (cluster) => {
    const hit = await busy(cluster)
    cluster.redis.network.cut()
    return hit
  },
}

/** Signals processes, any of which may have ended by now. */
export function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
