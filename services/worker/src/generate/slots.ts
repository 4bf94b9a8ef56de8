/** The engine's slots, each lent to one job at a time. */
export interface Slots {
  /** Jobs that wait for one. */
  readonly waiting: number
  /**
   * Waits for a slot; answers the function that gives it back. Rejects with the signal's reason when that aborts first.
   */
  acquire(claim: SlotClaim, signal: AbortSignal): Promise<() => void>
}

export interface SlotClaim {
  model: string
  /** What has to be in memory for it, the same for jobs of the same model with the same LoRAs; by default the model. */
  needs?: string
  /** Start tag of fair queueing: the lowest is next. */
  tag: number
  /** What its pictures hold in memory while it is worked on. */
  megapixels: number
  /** Nothing may be in the engine beside it. */
  alone: boolean
}

interface SlotOptions {
  /** How many slots there are; known when the first is asked for. */
  count: () => number
  /** Of all jobs in the engine together; a job that is larger runs alone. */
  megapixels: number
  /** Told of every change: the model whose turn it was last, and how many of each are in the engine. */
  onChange?: (turn: string, running: ReadonlyMap<string, number>) => void
  stay?: Stay
  now?: () => number
}

const needsOf = ({ model, needs = model }: SlotClaim): string => needs

/** How long jobs of the loaded model may pass one with a lower tag that needs another model, or other LoRAs. */
interface Stay {
  jobs: number
  ms: number
}

interface Waiting extends SlotClaim {
  take: () => void
}

/**
 * Gives a free slot to the lowest tag, but stays on the loaded model for a while, as changing it costs a load. A job
 * that has to wait until there is room for it is passed by none.
 */
export function createSlots({
  count,
  megapixels: limit,
  onChange = () => {},
  stay = { jobs: 4, ms: 30_000 },
  now = () => performance.now(),
}: SlotOptions): Slots {
  const waiting: Waiting[] = []
  const inEngine = new Set<SlotClaim>()
  let loaded: string | undefined
  /** The model whose turn it was last. */
  let last: string | undefined
  /** Since a job of another model was first passed over. */
  let passing: { since: number; jobs: number } | undefined

  /** Whose turn it is, and what it passes over. */
  function next(): { chosen: Waiting; passes?: { since: number; jobs: number } } | undefined {
    const lowest = lowestOf(waiting)
    if (!lowest) return undefined
    const isLoaded = (one: SlotClaim) => needsOf(one) === loaded
    const ofLoaded = isLoaded(lowest) ? undefined : lowestOf(waiting.filter(isLoaded))
    if (!ofLoaded) return { chosen: lowest }
    const at = now()
    const { since, jobs } = passing ?? { since: at, jobs: 0 }
    if (jobs >= stay.jobs || at - since >= stay.ms) return { chosen: lowest }
    return { chosen: ofLoaded, passes: { since, jobs: jobs + 1 } }
  }

  function turn(): void {
    while (inEngine.size < count()) {
      const one = next()
      if (!one || !hasRoom(one.chosen, [...inEngine], limit)) return
      const { chosen, passes } = one
      passing = passes
      loaded = needsOf(chosen)
      last = chosen.model
      waiting.splice(waiting.indexOf(chosen), 1)
      inEngine.add(chosen)
      tell()
      chosen.take()
    }
  }

  function tell(): void {
    if (last !== undefined) onChange(last, countModels(inEngine))
  }

  function giveBack(claim: SlotClaim): void {
    if (!inEngine.delete(claim)) return
    tell()
    turn()
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
          turn()
        }
        const entry: Waiting = {
          ...claim,
          take: () => {
            signal.removeEventListener('abort', onAbort)
            resolve(() => giveBack(entry))
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
        turn()
      }),
  }
}

function countModels(claims: Iterable<SlotClaim>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { model } of claims) counts.set(model, (counts.get(model) ?? 0) + 1)
  return counts
}

/** Whether a job may be in the engine with those that are. */
function hasRoom({ megapixels, alone }: SlotClaim, others: readonly SlotClaim[], limit: number): boolean {
  if (others.length === 0) return true
  if (alone || others.some((claim) => claim.alone)) return false
  return others.reduce((sum, claim) => sum + claim.megapixels, megapixels) <= limit
}

function lowestOf(claims: readonly Waiting[]): Waiting | undefined {
  return claims.reduce<Waiting | undefined>((best, one) => (!best || one.tag < best.tag ? one : best), undefined)
}
