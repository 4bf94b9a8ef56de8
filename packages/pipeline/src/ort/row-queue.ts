import type { FittingRows } from './fitting-rows.ts'
import type { Graph, GraphRow } from './graph.ts'
import { kindOf } from './row-batch.ts'
import { countNext, type Flow, limitFlow, newFlow, takeRows, type WaitingRow } from './row-flow.ts'
import type { RowLimitOptions } from './row-limits.ts'

/** What the next call is asked. */
export interface NextRows {
  flow: Flow
  batch: WaitingRow[]
  /** For how many rows the call is made. */
  size: number
}

/** Rows of all graphs that wait for the device. */
export interface RowQueue {
  /** How many rows wait. */
  waiting(): number
  /** @param joins whether its graph's rows may go into one call with others */
  addRow(number: number, row: GraphRow, graph: Graph, joins: boolean): void
  dropRows(rows: readonly number[]): void
  /** No call of the graph has more rows than fit. */
  limitRows(graph: Graph, joins: boolean, fitting: FittingRows): void
  /**
   * Has rows wait; resolves when all are answered, to what calls of new shapes took that they were in.
   *
   * @param at when it was asked
   */
  ask(rows: readonly number[], timesteps: readonly number[], at: number): Promise<number>
  /** The rows of the next call, which wait no more. Some must wait. */
  next(): NextRows
  /** They are asked about again, before all others of their graph. */
  putBack(rows: NextRows): void
  forget(graph: Graph): void
}

/** Rows that a graph of the largest weight is given in each round. */
const quantum = 16

/**
 * The oldest rows first. Of several graphs each has rows by the weights of those that may ask there (deficit round
 * robin: Shreedhar and Varghese 1995).
 */
export function createRowQueue(options: RowLimitOptions): RowQueue {
  const rows = new Map<number, { row: GraphRow; kind: string; flow: Flow }>()
  const flows = new Map<Graph, Flow>()
  /** Those in which rows wait, in the order of their turns. */
  let ring: Flow[] = []

  function flowOf(graph: Graph, joins: boolean): Flow {
    const flow = flows.get(graph) ?? newFlow(graph, joins)
    flows.set(graph, flow)
    return flow
  }

  function enter(flow: Flow): void {
    if (flow.waiting.length === 0) ring.push(flow)
  }

  return {
    waiting: () => ring.reduce((sum, flow) => sum + flow.waiting.length, 0),
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
    limitRows: (graph, joins, fitting) => limitFlow(flowOf(graph, joins), fitting),
    ask: (asked, timesteps, at) =>
      new Promise((resolve, reject) => {
        const ask = { left: asked.length, newShapeMs: 0, resolve, reject }
        for (const [i, id] of asked.entries()) {
          const known = rows.get(id)
          if (!known) return reject(new TypeError(`nobody has added row ${id}`))
          const { row, kind, flow } = known
          const timestep = timesteps[i]
          const group = row.timestep.perRow ? kind : `${kind} at ${timestep}`
          enter(flow)
          flow.waiting.push({ row, timestep, group, kind, at, ask })
        }
      }),
    next() {
      const most = Math.max(...ring.map(({ weight }) => weight))
      for (;;) {
        const [flow] = ring
        if (ring.length > 1) flow.credit += (quantum * flow.weight) / most
        const { count, size } = countNext(flow, options)
        ring.push(...ring.splice(0, 1))
        if (ring.length > 1 && flow.credit < count) continue
        const batch = takeRows(flow, count)
        flow.credit = flow.waiting.length === 0 ? 0 : Math.max(0, flow.credit - count)
        if (flow.waiting.length === 0) ring = ring.filter((one) => one !== flow)
        return { flow, batch, size }
      }
    },
    putBack({ flow, batch }) {
      enter(flow)
      flow.waiting.unshift(...batch)
    },
    forget: (graph) => void flows.delete(graph),
  }
}
