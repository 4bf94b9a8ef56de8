/** The engine's slots, each lent to one job at a time. */
export interface Slots {
  /** Jobs that wait for one. */
  readonly waiting: number
  /**
   * Waits for a slot; answers the function that gives it back. Rejects with the signal's reason when that aborts first.
   */
  acquire(claim: SlotClaim, signal: AbortSignal): Promise<() => void>
}

interface SlotClaim {
  model: string
  /** Start tag of fair queueing: the lowest is next. */
  tag: number
}

/** How long jobs of the loaded model may pass one with a lower tag that needs another model. */
interface Stay {
  jobs: number
  ms: number
}

interface Waiting extends SlotClaim {
  take: () => void
}

/**
 * Gives a free slot to the lowest tag, but stays on the loaded model for a while, as changing it costs a load.
 *
 * @param count how many slots there are
 * @param onTurn called with the model whose turn it is, before its job runs
 */
export function createSlots(
  count: number,
  onTurn: (model: string) => void = () => {},
  stay: Stay = { jobs: 4, ms: 30_000 },
  now: () => number = () => performance.now(),
): Slots {
  const waiting: Waiting[] = []
  let free = count
  let loaded: string | undefined
  /** Since a job of another model was first passed over. */
  let passing: { since: number; jobs: number } | undefined

  function next(): Waiting | undefined {
    const lowest = waiting.reduce<Waiting | undefined>(
      (best, one) => (!best || one.tag < best.tag ? one : best),
      undefined,
    )
    if (!lowest || lowest.model === loaded) {
      passing = undefined
      return lowest
    }
    const ofLoaded = waiting
      .filter(({ model }) => model === loaded)
      .reduce<Waiting | undefined>((best, one) => (!best || one.tag < best.tag ? one : best), undefined)
    if (!ofLoaded) return lowest
    passing ??= { since: now(), jobs: 0 }
    if (passing.jobs >= stay.jobs || now() - passing.since >= stay.ms) return lowest
    passing.jobs++
    return ofLoaded
  }

  function turn(): void {
    if (free === 0) return
    const chosen = next()
    if (!chosen) return
    free--
    if (chosen.model !== loaded) passing = undefined
    loaded = chosen.model
    waiting.splice(waiting.indexOf(chosen), 1)
    onTurn(chosen.model)
    chosen.take()
  }

  function giveBack(): () => void {
    let given = false
    return () => {
      if (given) return
      given = true
      free++
      turn()
    }
  }

  return {
    get waiting() {
      return waiting.length
    },
    acquire: (claim, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const onAbort = () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason)
        }
        const entry: Waiting = {
          ...claim,
          take: () => {
            signal.removeEventListener('abort', onAbort)
            resolve(giveBack())
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
        turn()
      }),
  }
}
