import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Calls `arrive` at the times of a Poisson process, whether earlier arrivals are done or not, and resolves with what
 * all of them became.
 *
 * @param perSecond mean rate
 */
export async function poissonArrivals<T>(perSecond: number, seconds: number, arrive: () => Promise<T>): Promise<T[]> {
  const started = performance.now()
  const under: Promise<T>[] = []
  for (const at of poissonTimes(perSecond, seconds)) {
    const wait = at * 1000 - (performance.now() - started)
    if (wait > 0) await sleep(wait)
    under.push(arrive())
  }
  return Promise.all(under)
}

/** Times in seconds, ascending, below `seconds`: gaps are exponentially distributed. */
export function* poissonTimes(
  perSecond: number,
  seconds: number,
  random: () => number = Math.random,
): Generator<number> {
  for (let at = 0; ; ) {
    at += -Math.log(1 - random()) / perSecond
    if (at >= seconds) return
    yield at
  }
}
