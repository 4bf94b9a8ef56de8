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
 * A larger call than the goal allows is worth it when each row takes so much less: who waits would wait longer for two
 * calls.
 */
const worthIt = 0.95
/** Of a size that was not measured yet, so many of the rows must be asked for. */
const leastFilled = 0.75
/** How much of what was known stays with each measurement. */
const memory = 0.8

/**
 * A size within the goal is allowed. A larger one is, too, where it takes at least 5 % less time a row than the one
 * before: then every job's step is shorter so than if its rows waited for their turn in smaller calls. A size is tried
 * once the largest allowed one below it has been measured.
 */
export function rowLimits({ maxRows, slowdown }: RowLimitOptions): RowLimits {
  const times = new Map<number, number>()
  let sizes = [...batchSizes.filter((size) => size < maxRows), maxRows]

  function allowedSizes(): number[] {
    const allowed = sizes.filter((size) => size <= pair)
    const one = times.get(pair)
    for (const size of sizes) {
      const before = allowed.at(-1) ?? 1
      const [own, known] = [times.get(size), times.get(before)]
      if (size <= before) continue
      if (one === undefined || known === undefined) break
      const gains = own !== undefined && own / size <= (known / before) * worthIt
      if (own === undefined || own <= one * slowdown || gains) allowed.push(size)
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
      const known = times.get(size)
      times.set(size, known === undefined ? ms : known * memory + ms * (1 - memory))
    },
  }
}
