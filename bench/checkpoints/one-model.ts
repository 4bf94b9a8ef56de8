// One model in a process of its own, so that its memory is its own: loads it, tells what that took, then computes one
// guided step whenever it is asked to. Started by main.ts.
import { readFileSync } from 'node:fs'
import { loadModel, type Model } from '@pentimento/pipeline'

export interface Memory {
  /** What no other process could have as well, in bytes. */
  own: number
  /** Pages of files, which any number of processes share and the system takes back. */
  file: number
}

export interface Load {
  loadMs: number
  /** Of the processor, all threads together: what other work on the machine does not change. */
  cpuMs: number
  memory: Memory
}

export interface Step {
  stepMs: number
  cpuMs: number
  memory: Memory
  out: Float32Array
}

interface Floats {
  data: Float32Array
  dims: readonly number[]
}

/** What a model is made of, which is nobody's business but this measurement's. */
interface Parts {
  unet: {
    inputs: { name: string; shape: (number | string)[] }[]
    outputs: { name: string }[]
    run(feeds: Record<string, Floats>, fetches: string[]): Promise<Record<string, Floats>>
  }
}

const [path = '', loadMode = 'fast', threads = '2', size = '512'] = process.argv.slice(2)

/** In bytes (Linux). */
function memory(): Memory {
  const status = readFileSync('/proc/self/status', 'utf8')
  const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024
  return { own: bytes('RssAnon'), file: bytes('RssFile') }
}

/** One row's inputs. What is in them does not matter, but that every variant gets the same. */
function feedsOf({ inputs }: Parts['unet']): Record<string, Floats> {
  const side = Number(size) / 8
  const feeds: Record<string, Floats> = {}
  for (const { name, shape } of inputs) {
    const free = shape.length === 4 ? [1, 4, side, side] : [1, 77]
    const dims = shape.map((dim, i) => (typeof dim === 'number' ? dim : (free[i] ?? 1)))
    const length = dims.reduce((product, dim) => product * dim, 1)
    feeds[name] = { data: Float32Array.from({ length }, (_, i) => (length === 1 ? 500 : Math.sin(i))), dims }
  }
  return feeds
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

const before = memory()
const cpu = process.cpuUsage()
const started = performance.now()
const model = (await loadModel(path, {
  device: 'cpu',
  threads: Number(threads),
  loadMode: loadMode === 'lean' ? 'lean' : 'fast',
})) as Model & Parts
const loadMs = performance.now() - started
const loaded = memory()
const cpuMs = cpuMsSince(cpu)
const load: Load = { loadMs, cpuMs, memory: { own: loaded.own - before.own, file: loaded.file - before.file } }
process.send?.(load)

const { unet } = model
const feeds = feedsOf(unet)
const fetches = unet.outputs.slice(0, 1).map(({ name }) => name)
process.on('message', async () => {
  const [from, cpuFrom] = [performance.now(), process.cpuUsage()]
  // Both halves of guidance, one after the other, as the pipeline computes larger pictures.
  await unet.run(feeds, fetches)
  const [{ data: out } = { data: new Float32Array() }] = Object.values(await unet.run(feeds, fetches))
  const step: Step = { stepMs: performance.now() - from, cpuMs: cpuMsSince(cpuFrom), memory: memory(), out }
  process.send?.(step)
})
process.on('disconnect', () => process.exit())
