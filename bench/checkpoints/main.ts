// What loading a checkpoint costs and how fast its UNet is, in both modes of LOAD, beside an ONNX export of the same
// weights:
//   npm run bench:checkpoints -- --model FILE_OR_FOLDER [--export FOLDER] [--only lean] [--size 512]
//     [--rounds 5] [--threads 2] [--alone]
// With --alone each variant loads, takes its steps and ends before the next begins, where not all fit into memory.
// Prints rows of the tables in bench/results/checkpoints.md.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Load, Step } from './one-model.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    export: { type: 'string' },
    only: { type: 'string' },
    size: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    alone: { type: 'boolean', default: false },
  },
})
const { model, size, rounds, threads } = values
if (model === undefined) throw new Error('say which checkpoint to load: --model FILE_OR_FOLDER')

/** A variant's name, and where its model lies. */
type Wanted = [string, string]

interface Variant {
  name: string
  child: ChildProcess
  load: Load
  steps: Step[]
}

async function start(name: string, path: string): Promise<Variant> {
  const script = fileURLToPath(new URL('one-model.ts', import.meta.url))
  const child = fork(script, [path, name, threads, size], {
    serialization: 'advanced',
    execArgv: ['--conditions=source'],
  })
  const load = await answerOf<Load>(child)
  console.error(
    `${name}: loaded in ${(load.loadMs / 1000).toFixed(2)} s, ${(load.cpuMs / 1000).toFixed(2)} of the processor, own memory ${megabytes(load.memory.own)} MB`,
  )
  return { name, child, load, steps: [] }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const answered = new AbortController()
  const { signal } = answered
  const ended = once(child, 'exit', { signal }).then(([code]) =>
    Promise.reject(new Error(`it ended with code ${code}`)),
  )
  ended.catch(() => {})
  const [answer] = await Promise.race([once(child, 'message', { signal }), ended])
  answered.abort()
  return answer
}

/** As a part of the largest number. */
function largestDifference({ out: one }: Step, { out: other }: Step): string {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const apart = one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0)
  return (apart / largest).toExponential(1)
}

const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
const timesOf = ({ steps }: Variant) => steps.slice(1).map(({ stepMs }) => stepMs / 1000)
const processorOf = ({ steps }: Variant) => median(steps.slice(1).map(({ cpuMs }) => cpuMs / 1000))

function row(variant: Variant, compared: Variant): string {
  const { name, load, steps } = variant
  const [times, others] = [timesOf(variant), timesOf(compared)]
  const [last, reference] = [steps.at(-1), compared.steps.at(-1)]
  // Each step against the one beside it in time.
  const ratio = median(times.map((time, i) => time / (others[i] ?? Number.NaN)))
  const cells = [
    name,
    (load.loadMs / 1000).toFixed(2),
    (load.cpuMs / 1000).toFixed(2),
    megabytes(load.memory.own),
    megabytes(load.memory.file),
    megabytes(last?.memory.own ?? 0),
    `${median(times).toFixed(3)} (${Math.min(...times).toFixed(3)}–${Math.max(...times).toFixed(3)})`,
    ratio.toFixed(3),
    processorOf(variant).toFixed(2),
    last && reference ? largestDifference(last, reference) : '',
  ]
  return `| ${cells.join(' | ')} |`
}

/** Of variants that are held at once. */
async function measure(together: Wanted[]): Promise<Variant[]> {
  const variants: Variant[] = []
  try {
    for (const [name, path] of together) variants.push(await start(name, path))
    // By turns, forth and back, so that a noisy minute and a machine that gets slower meet every variant alike; the
    // first round brings memory and pages, and is not counted.
    for (let round = 0; round <= Number(rounds); round++) {
      for (const { child, steps } of round % 2 === 0 ? variants : variants.toReversed()) {
        child.send('step')
        steps.push(await answerOf<Step>(child))
      }
    }
    return variants
  } finally {
    await Promise.all(variants.map(({ child }) => end(child)))
  }
}

/** Until its memory is free again. */
async function end(child: ChildProcess): Promise<void> {
  if (child.connected) child.disconnect()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

const all: Wanted[] = [
  ['fast', model],
  ['lean', model],
]
if (values.export !== undefined) all.push(['export', values.export])
const wanted = all.filter(([name]) => values.only === undefined || values.only === name)
const variants: Variant[] = []
for (const together of values.alone ? wanted.map((one) => [one]) : [wanted]) variants.push(...(await measure(together)))
const compared = variants.at(-1)
if (!compared) throw new Error('--only takes fast, lean or export')
console.log(`${model} at ${size}×${size}, ${threads} threads, ${rounds} rounds${values.alone ? ', each variant alone' : ''}

| | load, s | of the processor, s | own memory, MB | pages of files, MB | own memory after steps, MB | guided step, s | of ${compared.name}'s | of the processor, s | largest difference |
|---|---|---|---|---|---|---|---|---|---|
${variants.map((variant) => row(variant, compared)).join('\n')}`)
