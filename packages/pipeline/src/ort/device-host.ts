import type { TensorInfo } from '../onnx/tensor-info.ts'
import type { DeviceFigures } from './device-figures.ts'
import type { FittingRows } from './fitting-rows.ts'
import type { Graph, GraphOptions, GraphRow, OpenGraph } from './graph.ts'
import type { RowLimitOptions } from './row-limits.ts'
import { createScheduler } from './scheduler.ts'
import type { Values } from './values.ts'

/** A graph that was opened, by its number. */
interface OpenedGraph {
  graph: number
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
}

/**
 * Owns a device: its graphs, and what they do next. It may be in another thread, so that everything in it goes by
 * numbers.
 */
export interface DeviceHost {
  open(model: string | Uint8Array, options: GraphOptions): Promise<OpenedGraph>
  /** Answers beside the outputs how long it took if the device had not seen the shape before, else 0. */
  run(
    graph: number,
    feeds: Record<string, Values>,
    fetches: readonly string[],
  ): Promise<{ values: Record<string, Values>; newShapeMs: number }>
  release(graph: number): Promise<void>
  /** @param row the caller's number, which no other row has */
  addRow(row: number, graph: number, content: GraphRow): void
  dropRows(rows: readonly number[]): void
  limitRows(graph: number, fitting: FittingRows): Promise<void>
  /** Answers how long calls of new shapes took that it was in. @param at when it was asked, by `sharedNow` */
  ask(rows: readonly number[], timesteps: readonly number[], at: number): Promise<number>
  figures(): Promise<DeviceFigures>
}

interface Opened {
  graph: Graph
  /**
   * Whether rows of different callers go into one call. On the CPU bytes are equal whatever else runs, so that nothing
   * is joined there; a GPU is faster with all rows that wait.
   */
  joins: boolean
}

/** A host in this thread. @param listen as of `createScheduler` */
export function createDeviceHost(openGraph: OpenGraph, limits: RowLimitOptions, listen?: () => void): DeviceHost {
  const scheduler = createScheduler(limits, listen)
  const opened = new Map<number, Opened>()
  let next = 0

  function graphOf(number: number): Opened {
    const found = opened.get(number)
    if (!found) throw new TypeError(`the graph ${number} has been released`)
    return found
  }

  return {
    async open(model, options) {
      const graph = await scheduler.exclusive(() => openGraph(model, options))
      opened.set(next, { graph, joins: options.executionProviders[0] !== 'cpu' })
      return { graph: next++, inputs: graph.inputs, outputs: graph.outputs }
    },
    async run(number, feeds, fetches) {
      const { graph, joins } = graphOf(number)
      const shape = joins ? `${number} ${Object.values(feeds).map(({ dims }) => dims.join('×'))}` : undefined
      let newShapeMs = 0
      const values = await scheduler.exclusive(
        () => graph.run(feeds, fetches),
        shape,
        (ms) => {
          newShapeMs = ms
        },
      )
      return { values, newShapeMs }
    },
    async release(number) {
      const { graph } = graphOf(number)
      opened.delete(number)
      await scheduler.exclusive(() => graph.release())
      scheduler.forget(graph)
    },
    addRow(row, number, content) {
      const { graph, joins } = graphOf(number)
      scheduler.addRow(row, content, graph, joins)
    },
    dropRows: scheduler.dropRows,
    async limitRows(number, fitting) {
      const { graph, joins } = graphOf(number)
      scheduler.limitRows(graph, joins, fitting)
    },
    ask: scheduler.ask,
    figures: async () => scheduler.figures(),
  }
}
