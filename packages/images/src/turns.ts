/** Who a task is for, and when it is no longer wanted. */
export interface Turn {
  /** Tasks of one owner wait for each other, not for those of others. */
  owner?: string
  /** Takes a task that has not begun out of the queue; its promise then rejects with the signal's reason. */
  signal?: AbortSignal
  /** The same when it has not begun after so long (any time): then with `TurnTimeout`. */
  patienceMs?: number
}

export class TurnTimeout extends Error {}

type WithTurn = <T>(task: () => Promise<T>, turn?: Turn) => Promise<T>

/** For so long after somebody else's task an owner counts as one of several. */
const amongOthersMs = 10_000

/**
 * Runs at most `slots` tasks at a time. A free slot goes to the owner with the fewest tasks under way, of several to
 * the one that was served longest ago, and there to the oldest task. One slot more is kept for owners that have nothing
 * under way: however many tasks others have running, a newcomer begins at once. And while several owners come, each has
 * one task under way: all slots of one owner would be all cores of the others.
 */
export function createTurns(slots: number): WithTurn {
  /** By owner, those served longest ago first. */
  const waiting = new Map<string, (() => void)[]>()
  const running = new Map<string, number>()
  let taken = 0
  let latest: string | undefined
  let mixedAt = -Infinity

  const runningOf = (owner: string) => running.get(owner) ?? 0

  function next(): void {
    for (;;) {
      let owner: string | undefined
      for (const one of waiting.keys()) if (owner === undefined || runningOf(one) < runningOf(owner)) owner = one
      if (owner === undefined || taken >= slots + (runningOf(owner) === 0 ? 1 : 0)) return
      if (runningOf(owner) > 0 && performance.now() - mixedAt < amongOthersMs) return
      const queue = waiting.get(owner) ?? []
      const begin = queue.shift()
      waiting.delete(owner)
      if (queue.length > 0) waiting.set(owner, queue)
      taken++
      running.set(owner, runningOf(owner) + 1)
      begin?.()
    }
  }

  function end(owner: string): void {
    taken--
    const left = runningOf(owner) - 1
    if (left > 0) running.set(owner, left)
    else running.delete(owner)
    next()
  }

  function wait({ owner = '', signal, patienceMs }: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (latest !== undefined && latest !== owner) mixedAt = performance.now()
      latest = owner
      const queue = waiting.get(owner) ?? []
      const settle = () => {
        signal?.removeEventListener('abort', leave)
        clearTimeout(timer)
      }
      const begin = () => {
        settle()
        resolve()
      }
      const giveUp = (reason: unknown) => {
        settle()
        queue.splice(queue.indexOf(begin), 1)
        if (queue.length === 0) waiting.delete(owner)
        reject(reason)
      }
      const leave = () => giveUp(signal?.reason)
      const timer = patienceMs === undefined ? undefined : setTimeout(() => giveUp(new TurnTimeout()), patienceMs)
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(begin)
      waiting.set(owner, queue)
      next()
    })
  }

  return async (task, turn = {}) => {
    await wait(turn)
    try {
      return await task()
    } finally {
      end(turn.owner ?? '')
    }
  }
}
