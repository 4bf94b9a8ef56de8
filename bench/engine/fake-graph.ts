import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOnnxGraph } from '../../packages/pipeline/src/onnx/read-graph.ts'
import type { Graph, OpenGraph } from '../../packages/pipeline/src/ort/graph.ts'
import type { Values } from '../../packages/pipeline/src/ort/values.ts'
import { textMs, unetMs, vaeMs } from './gpu-times.ts'

const clock = new Int32Array(new SharedArrayBuffer(4))

/** A sleeping thread is woken later than it asked for, mostly by less than so many milliseconds. */
const wakingMs = 1

/**
 * Opens graphs that answer nothing but zeros and grey pictures, after as long as a GPU takes. The thread stands still
 * meanwhile, as in onnxruntime.
 */
export const openFakeGraph: OpenGraph = async (model) => {
  const { inputs, outputs } = describe(model)
  const names = inputs.map(({ name }) => name)
  if (names.join() === 'x') return { inputs, outputs, run: negate, release: async () => {} }
  return {
    inputs,
    outputs,
    release: async () => {},
    async run(feeds, fetches, into = {}) {
      // onnxruntime-node computes in the next turn of the loop.
      await new Promise((resolve) => setImmediate(resolve))
      const first = feeds[names[0] ?? ''] ?? Object.values(feeds)[0]
      const [rows = 1, channels = 1, height = 1, width = 1] = first?.dims ?? []
      const isUnet = names.includes('encoder_hidden_states')
      const isEncoder = !isUnet && channels === 3
      const started = performance.now()
      const answers = Object.fromEntries(
        fetches.map((name) => {
          if (into[name]) return [name, into[name]]
          const { type = '', shape = [] } = outputs.find((output) => output.name === name) ?? {}
          if (type === 'uint8') return [name, grey([rows, height * 8, width * 8, 3])]
          const [, second, ...sides] = shape.map((size, i) => (typeof size === 'number' ? size : sizeOf(i)))
          return [name, zeros(shape.length === 1 ? [rows] : [rows, second ?? 1, ...sides])]
        }),
      )
      const area = (height * width) / (isEncoder ? 8 * 8 : 1)
      const ms = isUnet ? unetMs(rows, area) : names.includes('input_ids') ? textMs : vaeMs(isEncoder, area)
      const end = started + ms
      Atomics.wait(clock, 0, 0, Math.max(0, end - wakingMs - performance.now()))
      // CUDA's driver spins until the device has ended, so that a call returns at once.
      while (performance.now() < end);
      return answers

      /** Of a free dimension of an answer. */
      function sizeOf(dim: number): number {
        if (dim === 0) return rows
        const side = first?.dims[dim] ?? 1
        return isUnet || first?.dims.length !== 4 ? side : isEncoder ? side / 8 : side * 8
      }
    },
  }
}

const product = (dims: number[]) => dims.reduce((size, dim) => size * dim, 1)

function zeros(dims: number[]): Values {
  return { type: 'float32', data: new Float32Array(product(dims)), dims }
}

function grey(dims: number[]): Values {
  return { type: 'uint8', data: new Uint8Array(product(dims)).fill(127), dims }
}

/** The self-test of a device. */
const negate: Graph['run'] = async ({ x }) => {
  if (!x) throw new Error('x is missing')
  return { y: { ...x, data: Float32Array.from(x.data as Float32Array, (value) => -value) } }
}

function describe(model: string | Uint8Array) {
  if (typeof model === 'string') return readOnnxGraph(model)
  const dir = mkdtempSync(join(tmpdir(), 'pentimento-graph-'))
  try {
    const path = join(dir, 'model.onnx')
    writeFileSync(path, model)
    return readOnnxGraph(path)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
