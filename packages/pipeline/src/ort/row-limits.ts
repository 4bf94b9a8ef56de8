/** Rows that a call may have: few sizes, so that each is soon known to the device. Guided pictures come in pairs. */
const batchSizes = [1, 2, 4, 6, 8, 12, 16, 24, 32] as const

export interface RowLimitOptions {
  /** Rows of a call at most, whatever was measured. */
  maxRows: number
  /**
   * How many times as long as a call for one guided picture a call may take, for the sake of those that wait for the
   * device.
   */
  slowdown: number
}

/** How many rows of one kind go into a call, by what calls of each size have taken. */
export interface RowLimits {
  /**
   * How many of the rows that wait are to be taken, and for how many the call is made: those that are missing are
   * filled up.
   *
   * @param waiting at least one
   */
  choose(waiting: number): { rows: number; size: number }
  /** A call of a size that the device knew took so long. */
  note(size: number, ms: number): void
  /** A call of this size did not fit into the memory: none so large is made again. */
  tooLarge(size: number): void
  /** No call has more rows. */
  atMost(rows: number): void
}

/** What one guided picture asks for. */
const pair = 2
/**
 * A larger call than the goal allows is worth it when each row takes so much less than in one of half its size: who
 * waits would wait longer for two of those.
 */
const worthIt = 0.97
/** Of a size that was not measured yet, so many of the rows must be asked for. */
const leastFilled = 0.75
/** Of a size, so many calls are waited for before it is judged: one may have been slow by chance. */
const trials = 4
/** Of a size, the fastest of so many latest calls counts: what else a machine does only ever makes one slower. */
const remembered = 16

/**
 * A size within the goal is allowed. A larger one is, too, where it takes at least 3 % less time a row than one of half
 * its size: then every job's step is shorter so than if its rows waited for their turn in smaller calls. A size is
 * tried once the largest allowed one below it has been measured.
 */
export function rowLimits({ maxRows, slowdown }: RowLimitOptions): RowLimits {
  const times = new Map<number, number>()
  const latest = new Map<number, number[]>()
  let sizes = [...batchSizes.filter((size) => size < maxRows), maxRows]

  function allowedSizes(): number[] {
    const allowed = sizes.filter((size) => size <= pair)
    const one = times.get(pair)
    for (const size of sizes) {
      const before = allowed.at(-1) ?? 1
      if (size <= before) continue
      const half = allowed.findLast((smaller) => smaller <= size / 2 && times.has(smaller)) ?? before
      const [own, known] = [times.get(size), times.get(half)]
      if (one === undefined || known === undefined || !times.has(before)) break
      const isTried = own === undefined || (latest.get(size)?.length ?? 0) < trials
      if (isTried || own <= one * slowdown || own / size <= (known / half) * worthIt) allowed.push(size)
    }
    return allowed
  }

  return {
    choose(waiting) {
      const allowed = allowedSizes()
      const down = allowed.findLast((size) => size <= waiting)
      const up = allowed.find((size) => size >= waiting)
      if (up === undefined || up === waiting) return { rows: Math.min(waiting, down ?? 1), size: down ?? 1 }
      if (down === undefined) return { rows: waiting, size: up }
      const [whole, part] = [times.get(up), times.get(down)]
      const isKnown = whole !== undefined && part !== undefined
      const fillsUp = isKnown ? whole / waiting <= part / down : waiting / up >= leastFilled
      return fillsUp ? { rows: waiting, size: up } : { rows: down, size: down }
    },
    tooLarge(size) {
      sizes = sizes.filter((one) => one < size)
    },
    atMost(rows) {
      sizes = sizes.filter((one) => one <= rows)
    },
    note(size, ms) {
      const calls = [...(latest.get(size) ?? []), ms].slice(-remembered)
      latest.set(size, calls)
      times.set(size, Math.min(...calls))
    },
  }
}
