// What the pipeline costs beside ONNX Runtime, and beside Optimum's Python pipeline on the same folder:
//   npm run bench:pipeline -- --model DIR [--size 512] [--steps 25] [--threads 2] [--rounds 3]
//     [--python venv/bin/python]
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { describeModel } from '@pentimento/pipeline'

const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    size: { type: 'string' },
    steps: { type: 'string', default: '25' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    rounds: { type: 'string', default: '1' },
    python: { type: 'string' },
  },
})
if (values.model === undefined) throw new Error('say which folder to run: npm run bench:pipeline -- --model DIR')
const dir = values.model
const size = values.size ?? String((await describeModel(dir)).nativeSize)

interface Timing {
  load_s: number
  total_s: number
  step_s: number[]
  peak_bytes: number
}
interface OwnTiming extends Timing {
  inside_s: number
  load_peak_bytes: number
  weights_bytes: number
  held_bytes: number[]
  model_calls: number
  beside_ms: Record<string, number>
}

async function timed<T>(program: string, args: string[]): Promise<T> {
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T
}

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const ours = (...watched: 'watched'[]) =>
  timed<OwnTiming>(process.execPath, [
    '--conditions=source',
    '--expose-gc',
    script('one-run.ts'),
    dir,
    size,
    values.steps,
    values.threads,
    ...watched,
  ])
const theirs = (python: string) =>
  timed<Timing>(python, [
    script('../../tools/reference/speed/run_optimum.py'),
    dir,
    '--size',
    size,
    '--steps',
    values.steps,
    '--threads',
    values.threads,
  ])

const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
const spread = (list: number[]) =>
  `${median(list).toFixed(3)} s (${Math.min(...list).toFixed(3)} to ${Math.max(...list).toFixed(3)})`
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`

const own: OwnTiming[] = []
const python: Timing[] = []
// Interleaved, so that a noisy minute meets both.
for (let round = 0; round < Number(values.rounds); round++) {
  own.push(await ours())
  if (values.python) python.push(await theirs(values.python))
}
const watched = await ours('watched')

/** Who takes the time beside ONNX Runtime in a run that was watched, the most first: milliseconds a picture. */
function whoTakes({ beside_ms, total_s }: OwnTiming): string {
  return Object.entries(beside_ms)
    .toSorted(([, a], [, b]) => b - a)
    .map(([part, ms]) => {
      const share = ((100 * ms) / 1000 / total_s).toFixed(2)
      return `  ${part.padEnd(30)} ${ms.toFixed(1).padStart(7)} ms  ${share} %`
    })
    .join('\n')
}

const steps = own.flatMap((one) => one.step_s)
const [first] = own
if (first === undefined) throw new Error('--rounds must be at least 1')
console.log(`${dir} at ${size} × ${size}, ${values.steps} steps, guidance 7, ${values.threads} threads, ${own.length} rounds
guided step          ${spread(steps)}
whole picture        ${spread(own.map((one) => one.total_s))}
beside ONNX Runtime  ${(100 * median(own.map((one) => 1 - one.inside_s / one.total_s))).toFixed(2)} % of the whole: JavaScript and copies
  of ${watched.total_s.toFixed(3)} s in a run that was watched, which slows it down:
${whoTakes(watched)}
load                 ${spread(own.map((one) => one.load_s))}, peak ${gigabytes(first.load_peak_bytes)}
peak while painting  ${gigabytes(first.peak_bytes)}, weights ${gigabytes(first.weights_bytes)}, difference ${gigabytes(first.peak_bytes - first.weights_bytes)}
held after step      ${first.held_bytes.map((bytes) => (bytes / 1e6).toFixed(2)).join(' ')} MB`)
if (python.length > 0) {
  const theirSteps = python.flatMap((one) => one.step_s)
  console.log(`Optimum: guided step ${spread(theirSteps)}, whole picture ${spread(python.map((one) => one.total_s))}, load ${spread(python.map((one) => one.load_s))}, peak ${gigabytes(Math.max(...python.map((one) => one.peak_bytes)))}
ours / Optimum       step ${(median(steps) / median(theirSteps)).toFixed(3)}, whole ${(median(own.map((one) => one.total_s)) / median(python.map((one) => one.total_s))).toFixed(3)}`)
}
