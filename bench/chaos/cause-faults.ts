import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import type { Fault } from './faults.ts'

/** While one of these lasts, nothing goes on anywhere. */
const outages = new Set(['kill redis', 'restart redis', 'stop redis', 'pause network', 'failover', 'storage away'])

interface FaultOptions {
  /** Which there are. */
  faults: Record<string, Fault>
  /** Whether to end. */
  isOver(): boolean
  /** Between two of them, on average. */
  everyMs: number
  /** How long the next one holds what it stops. */
  stopMs(): number
  signal: AbortSignal | undefined
  onFault(name: string): void
  /** How often each happened so far. */
  counts: Map<string, number>
}

/** Lets one fault after another happen until it is over. */
export async function causeFaults(cluster: Cluster, options: FaultOptions): Promise<void> {
  const { counts } = options
  let names: string[] = []
  while (!options.isOver() && !options.signal?.aborted) {
    await sleep(options.everyMs * (0.5 + Math.random()))
    // Every kind in a random order before any kind again: a short run sees them all.
    if (names.length === 0) names = Object.keys(options.faults).sort(() => Math.random() - 0.5)
    const name = names.pop() ?? ''
    options.onFault(name)
    const hit = await options.faults[name]?.(cluster, options.stopMs())
    if (!hit) continue
    cluster.attempts.interrupted(hit, Date.now(), name)
    if (outages.has(name)) cluster.attempts.outageEnded(Date.now())
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  cluster.clocks.set(0)
}
