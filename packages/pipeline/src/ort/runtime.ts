import type { WeightFile } from '@pentimento/checkpoints'
import type { DeviceFigures } from './device-figures.ts'
import { createDeviceHost, type DeviceHost } from './device-host.ts'
import type { GraphOptions, OpenGraph, RowSession } from './graph.ts'
import type { RowLimitOptions } from './row-limits.ts'
import { sharedNow } from './scheduler.ts'
import { shareSessions } from './share-sessions.ts'
import { type Floats, toFloats, toValues, type Values } from './values.ts'

/** Where graphs are opened and run: one device, which does one thing at a time. */
export interface Runtime {
  /**
   * Loads a graph, of a file or of its bytes.
   *
   * @throws whatever onnxruntime says, unchanged: the caller knows which part of which model it was.
   */
  open(model: string | Uint8Array, options: GraphOptions): Promise<RowSession>
  /** As `open`; where the same graph over the same files is open, that is what is given. See {@link shareSessions}. */
  openShared(model: Uint8Array, options: GraphOptions, files: readonly WeightFile[]): Promise<RowSession>
  figures(): Promise<DeviceFigures>
}

export const defaultLimits: RowLimitOptions = { maxRows: 16, slowdown: 2 }

/** A runtime in this thread, which stands still while the device computes. */
export function localRuntime(limits: RowLimitOptions = defaultLimits, openGraph: OpenGraph = openHere): Runtime {
  return runtimeOver(createDeviceHost(openGraph, limits))
}

/** onnxruntime is loaded with the first graph, and only where one is opened: it stands one thread of a process. */
const openHere: OpenGraph = async (model, options) => {
  const { openOrtGraph } = await import('./ort-graph.ts')
  return openOrtGraph(model, options)
}

/** Numbers are converted here, so that the device's own thread only computes. */
export function runtimeOver(host: DeviceHost): Runtime {
  let nextRow = 0
  const runtime: Omit<Runtime, 'openShared'> = {
    figures: host.figures,
    async open(model, options) {
      const { graph, inputs, outputs } = await host.open(model, options)
      const types = new Map(inputs.map((input) => [input.name, input.type]))
      const runTyped: RowSession['runTyped'] = async (feeds, fetches, onNewShape) => {
        const given: Record<string, Values> = {}
        for (const [name, floats] of Object.entries(feeds)) given[name] = toValues(types.get(name), floats)
        const { values, newShapeMs } = await host.run(graph, given, fetches)
        if (newShapeMs > 0) onNewShape?.(newShapeMs)
        return values
      }
      return {
        inputs,
        outputs,
        runTyped,
        async run(feeds, fetches, onNewShape) {
          const values = await runTyped(feeds, fetches, onNewShape)
          const answer: Record<string, Floats> = {}
          for (const name of fetches) answer[name] = toFloats(values[name])
          return answer
        },
        rows: {
          add(row) {
            host.addRow(nextRow, graph, row)
            return nextRow++
          },
          async ask(rows, timesteps, onNewShape) {
            const newShapeMs = await host.ask(rows, timesteps, sharedNow())
            if (newShapeMs > 0) onNewShape?.(newShapeMs)
          },
          drop: host.dropRows,
          limit: (fitting) => host.limitRows(graph, fitting),
        },
        release: () => host.release(graph),
      }
    },
  }
  return { ...runtime, openShared: shareSessions(runtime.open) }
}

/** One graph in this thread, on a device that nobody shares. */
export function openSession(model: string | Uint8Array, options: GraphOptions): Promise<RowSession> {
  return localRuntime().open(model, options)
}
