// What ONNX Runtime's settings do to one run of a UNet: time, processor time and memory, each in a process of its own.
//   npm run bench:settings -- --model DIR [--size 512] [--runs 5] [--rounds 3]
// Prints rows of the tables in docs/performance.md.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'

type Options = InferenceSession.SessionOptions

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    size: { type: 'string', default: '512' },
    runs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    one: { type: 'string' },
  },
})
if (values.model === undefined) throw new Error('say which folder to run: --model DIR')
const { model, size, runs, rounds } = values

const cores = availableParallelism()
/** As packages/pipeline opens the UNet's session; what follows changes one thing each. */
const defaults: Options = { logSeverityLevel: 3, enableMemPattern: false }
const smallPages = 'small pages'
const settings: Record<string, Options> = {
  'as used': {},
  ...Object.fromEntries(
    [1, 2, 4, 8, 16].filter((n) => n <= cores).map((n) => [`threads ${n}`, { intraOpNumThreads: n }]),
  ),
  'optimisation disabled': { graphOptimizationLevel: 'disabled' },
  'optimisation basic': { graphOptimizationLevel: 'basic' },
  'optimisation extended': { graphOptimizationLevel: 'extended' },
  'no arena': { enableCpuMemArena: false },
  'memory pattern': { enableMemPattern: true },
  'no prepacking': { extra: { session: { disable_prepacking: '1' } } },
  [smallPages]: {},
}

interface Figures {
  load_s: number
  run_s: number
  cpu_s: number
  peak_bytes: number
}

/** Largest resident set since the last reset (Linux). */
function peakBytes(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

async function measure(options: Options): Promise<Figures> {
  const started = performance.now()
  const session = await InferenceSession.create(`${model}/unet/model.onnx`, { ...defaults, ...options })
  const load_s = (performance.now() - started) / 1000
  const feeds: Record<string, Tensor> = {}
  for (const input of session.inputMetadata) {
    if (!input.isTensor || !['float32', 'int64'].includes(input.type)) throw new Error(`${input.name} is no float32`)
    const side = Number(size) / 8
    const free = input.shape.length === 4 ? [2, 0, side, side] : [2, 77, 0]
    const dims = input.shape.map((dim, i) => (typeof dim === 'number' ? dim : (free[i] ?? 1)))
    const length = dims.reduce((product, dim) => product * dim, 1)
    feeds[input.name] =
      input.type === 'int64'
        ? new Tensor('int64', new BigInt64Array(length).fill(500n), dims)
        : new Tensor(
            'float32',
            Float32Array.from({ length }, (_, i) => (length === 1 ? 500 : Math.sin(i))),
            dims,
          )
  }
  writeFileSync('/proc/self/clear_refs', '5')
  const times: number[] = []
  const cpu = process.cpuUsage()
  for (let run = 0; run < Number(runs); run++) {
    const before = performance.now()
    await session.run(feeds)
    times.push((performance.now() - before) / 1000)
  }
  const used = process.cpuUsage(cpu)
  return {
    load_s,
    run_s: median(times),
    cpu_s: (used.user + used.system) / 1e6 / Number(runs),
    peak_bytes: peakBytes(),
  }
}

function median(list: number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
}

if (values.one !== undefined) {
  console.log(JSON.stringify(await measure(settings[values.one] ?? {})))
} else {
  const run = promisify(execFile)
  const self = fileURLToPath(import.meta.url)
  const found = new Map<string, Figures[]>()
  // Round by round, so that a noisy minute meets every setting.
  for (let round = 0; round < Number(rounds); round++) {
    for (const name of Object.keys(settings)) {
      const args = ['--conditions=source', self, '--model', model, '--size', size, '--runs', runs, '--one', name]
      const env = name === smallPages ? { ...process.env, GLIBC_TUNABLES: '' } : process.env
      const { stdout } = await run(process.execPath, args, { env })
      found.set(name, [...(found.get(name) ?? []), JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures])
    }
  }
  for (const [name, figures] of found) {
    const of = (key: keyof Figures) => median(figures.map((one) => one[key]))
    const spread = figures.map((one) => one.run_s)
    console.log(
      `| ${name} | ${of('run_s').toFixed(3)} (${Math.min(...spread).toFixed(3)}–${Math.max(...spread).toFixed(3)}) | ${of('cpu_s').toFixed(3)} | ${of('load_s').toFixed(2)} | ${(of('peak_bytes') / 1e6).toFixed(0)} |`,
    )
  }
}
