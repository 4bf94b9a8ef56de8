import { type FittingRows, fittingRows } from './fitting-rows.ts'
import type { Graph, GraphRow } from './graph.ts'
import type { RowBatch } from './row-batch.ts'
import { type RowLimitOptions, type RowLimits, rowLimits } from './row-limits.ts'

/** A question about rows of one caller, answered when all of them are. */
interface Ask {
  left: number
  /** What calls of new shapes took that its rows were in. */
  newShapeMs: number
  resolve: (newShapeMs: number) => void
  reject: (error: unknown) => void
}

export interface WaitingRow {
  row: GraphRow
  timestep: number
  /** Which batches it may be in: its row's kind, and the timestep where a call is told one for all. */
  group: string
  kind: string
  at: number
  ask: Ask
}

/** A graph whose rows are asked about. */
export interface Flow {
  graph: Graph
  /** Whether rows of different questions may go into one call. */
  joins: boolean
  waiting: WaitingRow[]
  /** Of all rows that may be asked about, together. */
  weight: number
  /** Rows that it may still have before others have theirs. */
  credit: number
  /** By kind of row, with how many latents that has. */
  limits: Map<string, RowLimits & { latents: number }>
  /** Null while nothing is known of the memory. */
  fitting: FittingRows | null
  batches: Map<string, RowBatch>
  /** Sizes and kinds of calls that the device knows. */
  seen: Set<string>
}

export function newFlow(graph: Graph, joins: boolean): Flow {
  const nothing = { waiting: [], weight: 0, credit: 0, limits: new Map(), batches: new Map(), seen: new Set<string>() }
  return { graph, joins, fitting: null, ...nothing }
}

export function limitsOf(flow: Flow, { output }: GraphRow, kind: string, options: RowLimitOptions): RowLimits {
  const known = flow.limits.get(kind)
  if (known) return known
  const [height = 1, width = 1] = output.dims.slice(-2)
  const limits = { ...rowLimits(options), latents: height * width }
  flow.limits.set(kind, limits)
  if (flow.fitting) limits.atMost(fittingRows(flow.fitting, limits.latents))
  return limits
}

export function limitFlow(flow: Flow, fitting: FittingRows): void {
  flow.fitting = fitting
  for (const { latents, atMost } of flow.limits.values()) atMost(fittingRows(fitting, latents))
}

/** How many of the rows that wait go into the flow's next call, and for how many that is made. */
export function countNext(flow: Flow, options: RowLimitOptions): { count: number; size: number } {
  const [first] = flow.waiting
  if (!flow.joins) {
    const count = flow.waiting.filter(({ ask }) => ask === first.ask).length
    return { count, size: count }
  }
  const fitting = flow.waiting.filter(({ group }) => group === first.group).length
  const { rows, size } = limitsOf(flow, first.row, first.kind, options).choose(fitting)
  return { count: rows, size }
}

/** Takes the oldest rows of the group of the very oldest; without joining, those of its question. */
export function takeRows(flow: Flow, count: number): WaitingRow[] {
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
