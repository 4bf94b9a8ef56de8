import type { DeviceFigures } from '../../packages/pipeline/src/ort/device-figures.ts'
import type { Graph, GraphRow } from '../../packages/pipeline/src/ort/graph.ts'
import type { RowLimitOptions } from '../../packages/pipeline/src/ort/row-limits.ts'
import { createScheduler } from '../../packages/pipeline/src/ort/scheduler.ts'
import { textMs, unetMs, vaeMs } from './gpu-times.ts'

/** The scheduler on a device whose clock stands still but in calls: what it decides is all that is measured. */
export interface VirtualDevice {
  /** The clock, in milliseconds. */
  now(): number
  /** One picture: prompts, encoding, guided steps, decoding. */
  paint(steps: number): Promise<void>
  figures(): DeviceFigures
}

const aWhile = () => new Promise((resolve) => setImmediate(resolve))

/** With every size of call seen and measured, as after the warm-up of a worker. */
export async function virtualDevice(limits: RowLimitOptions): Promise<VirtualDevice> {
  let time = 0
  let next = 0
  const scheduler = createScheduler(limits, undefined, () => time)
  /** Callers go on while it computes, and what they ask then is there when it has ended. */
  async function compute(ms: number): Promise<void> {
    await aWhile()
    await aWhile()
    time += ms
  }
  const graph: Graph = {
    inputs: [],
    outputs: [],
    release: async () => {},
    async run({ sample }) {
      const [rows = 1] = sample?.dims ?? []
      await compute(unetMs(rows))
      return { out: { type: 'float32', data: new Float32Array(rows), dims: [rows, 1] } }
    },
  }

  async function step(rows: number, times: number): Promise<void> {
    const numbers = Array.from({ length: rows }, () => {
      scheduler.addRow(next, oneRow(), graph, true)
      return next++
    })
    for (let i = 0; i < times; i++) {
      await scheduler.ask(
        numbers,
        numbers.map(() => i),
        time,
      )
      await aWhile()
    }
    scheduler.dropRows(numbers)
  }

  for (const size of [1, 2, 4, 6, 8, 12, 16]) if (size <= limits.maxRows) await step(size, 3)
  scheduler.figures()
  return {
    now: () => time,
    figures: scheduler.figures,
    async paint(steps) {
      for (const ms of [textMs, textMs, vaeMs(true)]) await scheduler.exclusive(() => compute(ms))
      await step(2, steps)
      await scheduler.exclusive(() => compute(vaeMs(false)))
    },
  }
}

function oneRow(): GraphRow {
  const one = () => ({ type: 'float32', data: new Float32Array(1), dims: [1] })
  return {
    sample: 'sample',
    inputs: { sample: one() },
    output: one(),
    outputName: 'out',
    timestep: { name: 'timestep', type: 'float32', rank: 1, perRow: true },
    weight: 1,
  }
}
