import { PipelineError } from '../errors.ts'
import type { Graph, GraphRow } from './graph.ts'
import { kindOf, type RowBatch, rowBatch } from './row-batch.ts'
import { type RowLimitOptions, type RowLimits, rowLimits } from './row-limits.ts'

/** What the device did since it was last asked. Times are milliseconds. */
export interface DeviceFigures {
  busyMs: number
  /** It did nothing although something waited. */
  idleWithWorkMs: number
  /** Calls for rows, by how many rows were asked for. */
  calls: Record<number, number>
  /** Rows that wait now. */
  waitingRows: number
  /** How long the first call of each new shape took. */
  newShapes: number[]
}

/** Decides what a device does next. It does one thing at a time. */
interface Scheduler {
  /**
   * Something that is done alone: loading, encoding, decoding. It takes turns with calls for rows, so that neither
   * holds up the other.
   *
   * @param shape what a device that searches for the best way of each shape has not seen before is noted
   */
  exclusive<T>(work: () => Promise<T>, shape?: string): Promise<T>
  /** @param joins whether its graph's rows may go into one call with others */
  addRow(number: number, row: GraphRow, graph: Graph, joins: boolean): void
  dropRows(rows: readonly number[]): void
  /** @param at when it was asked, which may have been in another thread */
  ask(rows: readonly number[], timesteps: readonly number[], at: number): Promise<void>
  /** What is known of a graph is forgotten. */
  forget(graph: Graph): void
  figures(): DeviceFigures
}

interface Ask {
  left: number
  resolve: () => void
  reject: (error: unknown) => void
}

interface WaitingRow {
  row: GraphRow
  timestep: number
  /** Which batches it may be in: its row's kind, and the timestep where a call is told one for all. */
  group: string
  kind: string
  at: number
  ask: Ask
}

/** A graph whose rows are asked about. */
interface Flow {
  graph: Graph
  /** Whether rows of different questions may go into one call. */
  joins: boolean
  waiting: WaitingRow[]
  /** Of all rows that may be asked about, together. */
  weight: number
  /** Rows that it may still have before others have theirs. */
  credit: number
  limits: Map<string, RowLimits>
  batches: Map<string, RowBatch>
}

/** Answers how to tell the result, which is told when the time has been counted. */
type Work = () => Promise<() => void>

interface Call {
  work: Work
  at: number
}

/** Batches that are kept for the next call of their size and kind. */
const keptBatches = 24
/** Rows that a graph of the largest weight is given in each round. */
const quantum = 16

/** Milliseconds by a clock that all threads of the process share. */
export const sharedNow = (): number => performance.timeOrigin + performance.now()

/**
 * Whenever the device is free: calls and rows in turns, the oldest first. Of several graphs each has rows by the
 * weights of those that wait there (deficit round robin: Shreedhar and Varghese 1995). No row waits for a batch to
 * fill.
 *
 * @param listen hears what was asked while the device computed, before it is decided what comes next
 */
export function createScheduler(
  options: RowLimitOptions,
  listen: () => void = () => {},
  now: () => number = sharedNow,
): Scheduler {
  const rows = new Map<number, { row: GraphRow; kind: string; flow: Flow }>()
  const shapes = new Set<string>()
  const flows = new Map<Graph, Flow>()
  let ring: Flow[] = []
  const calls: Call[] = []
  let figures = noFigures()
  let waitingRows = 0
  let isBusy = false
  let isAwake = false
  let rowsWereLast = false
  let freeSince = now()

  function flowOf(graph: Graph, joins: boolean): Flow {
    const known = flows.get(graph)
    if (known) return known
    const flow: Flow = { graph, joins, waiting: [], weight: 0, credit: 0, limits: new Map(), batches: new Map() }
    flows.set(graph, flow)
    return flow
  }

  /** What comes in one turn of the loop is seen together. */
  function wake(): void {
    if (isAwake) return
    isAwake = true
    queueMicrotask(() => {
      isAwake = false
      turn()
    })
  }

  function turn(): void {
    if (isBusy) return
    listen()
    const call = calls[0]
    const callFirst = call !== undefined && (ring.length === 0 || rowsWereLast)
    if (callFirst) {
      calls.shift()
      rowsWereLast = false
      occupy(call.at, call.work)
    } else if (ring.length > 0) {
      const { flow, batch, size } = nextRows()
      rowsWereLast = true
      occupy(batch[0].at, () => runRows(flow, batch, size))
    }
  }

  function occupy(waitedSince: number, work: Work): void {
    isBusy = true
    const started = now()
    figures.idleWithWorkMs += Math.max(0, started - Math.max(freeSince, waitedSince))
    void work().then((answer) => {
      freeSince = now()
      figures.busyMs += freeSince - started
      isBusy = false
      answer()
      turn()
    })
  }

  function nextRows(): { flow: Flow; batch: WaitingRow[]; size: number } {
    const most = Math.max(...ring.map(({ weight }) => weight))
    for (;;) {
      const [flow] = ring
      if (ring.length > 1) flow.credit += (quantum * flow.weight) / most
      const { count, size } = countNext(flow)
      ring.push(...ring.splice(0, 1))
      if (ring.length > 1 && flow.credit < count) continue
      flow.credit = Math.max(0, flow.credit - count)
      const batch = take(flow, count)
      if (flow.waiting.length === 0) {
        flow.credit = 0
        ring = ring.filter((one) => one !== flow)
      }
      waitingRows -= count
      figures.calls[count] = (figures.calls[count] ?? 0) + 1
      return { flow, batch, size }
    }
  }

  function countNext(flow: Flow): { count: number; size: number } {
    const [first] = flow.waiting
    if (!flow.joins) {
      const count = flow.waiting.filter(({ ask }) => ask === first.ask).length
      return { count, size: count }
    }
    const fitting = flow.waiting.filter(({ group }) => group === first.group).length
    const { rows: count, size } = limitsOf(flow, first.kind).choose(fitting)
    return { count, size }
  }

  function limitsOf(flow: Flow, kind: string): RowLimits {
    const known = flow.limits.get(kind) ?? rowLimits(options)
    flow.limits.set(kind, known)
    return known
  }

  async function runRows(flow: Flow, batch: WaitingRow[], size: number): ReturnType<Work> {
    const { kind, row } = batch[0]
    const key = `${size} ${kind}`
    const known = flow.batches.get(key)
    const calls = known ?? rowBatch(flow.graph, row, size, flow.joins)
    const started = now()
    try {
      await calls.run(
        batch.map((one) => one.row),
        batch.map((one) => one.timestep),
      )
    } catch (error) {
      const isMemory = error instanceof PipelineError && error.code === 'out_of_memory'
      if (isMemory && flow.joins && batch.length > 1) {
        limitsOf(flow, kind).tooLarge(size)
        return () => putBack(flow, batch)
      }
      return () => {
        for (const { ask } of batch) ask.reject(error)
      }
    }
    const ms = now() - started
    if (known) limitsOf(flow, kind).note(size, ms)
    else if (flow.joins) figures.newShapes.push(ms)
    flow.batches.delete(key)
    flow.batches.set(key, calls)
    if (flow.batches.size > keptBatches) flow.batches.delete(flow.batches.keys().next().value as string)
    return () => {
      for (const { ask } of batch) if (--ask.left === 0) ask.resolve()
    }
  }

  /** They are asked about again, in smaller calls. */
  function putBack(flow: Flow, batch: WaitingRow[]): void {
    if (flow.waiting.length === 0) ring.push(flow)
    flow.waiting.unshift(...batch)
    waitingRows += batch.length
  }

  return {
    exclusive: (work, shape) =>
      new Promise((resolve, reject) => {
        calls.push({
          at: now(),
          async work() {
            const started = now()
            const answer = await work().then(
              (value) => () => resolve(value),
              (error) => () => reject(error),
            )
            if (shape !== undefined && !shapes.has(shape)) {
              shapes.add(shape)
              figures.newShapes.push(now() - started)
            }
            return answer
          },
        })
        wake()
      }),
    addRow(number, row, graph, joins) {
      const flow = flowOf(graph, joins)
      flow.weight += row.weight
      rows.set(number, { row, kind: kindOf(row), flow })
    },
    dropRows(dropped) {
      for (const number of dropped) {
        const known = rows.get(number)
        if (known) known.flow.weight -= known.row.weight
        rows.delete(number)
      }
    },
    ask: (asked, timesteps, at) =>
      new Promise((resolve, reject) => {
        const ask: Ask = { left: asked.length, resolve, reject }
        for (const [i, id] of asked.entries()) {
          const known = rows.get(id)
          if (!known) return reject(new TypeError(`nobody has added row ${id}`))
          const { row, kind, flow } = known
          const timestep = timesteps[i]
          const group = row.timestep.perRow ? kind : `${kind} at ${timestep}`
          if (flow.waiting.length === 0) ring.push(flow)
          flow.waiting.push({ row, timestep, group, kind, at, ask })
          waitingRows++
        }
        wake()
      }),
    forget: (graph) => void flows.delete(graph),
    figures() {
      const told = { ...figures, waitingRows }
      figures = noFigures()
      return told
    },
  }
}

function noFigures(): Omit<DeviceFigures, 'waitingRows'> {
  return { busyMs: 0, idleWithWorkMs: 0, calls: {}, newShapes: [] }
}

/** The oldest rows that are of the kind of the very oldest; without joining, those of its question. */
function take(flow: Flow, count: number): WaitingRow[] {
  const [first] = flow.waiting
  const fits = (one: WaitingRow) => (flow.joins ? one.group === first.group : one.ask === first.ask)
  const batch: WaitingRow[] = []
  flow.waiting = flow.waiting.filter((one) => {
    if (batch.length === count || !fits(one)) return true
    batch.push(one)
    return false
  })
  return batch
}
