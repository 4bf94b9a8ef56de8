import type { Painted } from './bound.ts'
import { mixedJob, plainJob } from './settings.ts'
import type { BenchWorker, Ended } from './worker.ts'

interface Phase {
  jobs: Painted[]
  /** Of each job, from its acceptance to its end. */
  latencies: number[]
  wallMs: number
  busyMs: number
  idleMs: number
  rowsPerCall: number
}

let seed = 1

/** One plain job by itself. Answers the milliseconds that it was in the engine. */
export async function one(worker: BenchWorker): Promise<number> {
  const { encodeMs, denoiseMs, decodeMs } = await worker.run(plainJob(seed++))
  return encodeMs + denoiseMs + decodeMs
}

/**
 * Mixed jobs, of which so many are always there. What is measured begins when the first of them have ended, and ends
 * when none are added.
 */
export async function keepInFlight(worker: BenchWorker, inFlight: number, count: number): Promise<Phase> {
  const ended: Ended[] = []
  let begun = 0
  let from: Awaited<ReturnType<typeof mark>> | undefined
  let to: Awaited<ReturnType<typeof mark>> | undefined
  let measured: Ended[] = []
  async function client(): Promise<void> {
    while (begun < count + 2 * inFlight) {
      begun++
      ended.push(await worker.run(mixedJob(seed++)))
      if (ended.length === inFlight) from = await mark(worker)
      if (ended.length === inFlight + count) {
        to = await mark(worker)
        measured = ended.slice(inFlight, inFlight + count)
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, client))
  if (!from || !to) throw new Error('too few jobs to measure')
  return { jobs: measured, latencies: measured.map(({ totalMs }) => totalMs), ...between(from, to) }
}

/** Plain jobs, all at once. */
export async function burst(worker: BenchWorker, count: number): Promise<Phase> {
  const from = await mark(worker)
  const jobs = await Promise.all(Array.from({ length: count }, () => worker.run(plainJob(seed++))))
  return { jobs, latencies: jobs.map(({ totalMs }) => totalMs), ...between(from, await mark(worker)) }
}

async function mark(worker: BenchWorker) {
  const at = performance.now()
  return { at, figures: await worker.figures() }
}

function between(from: Awaited<ReturnType<typeof mark>>, to: Awaited<ReturnType<typeof mark>>) {
  const difference = (name: string) => (to.figures.get(name) ?? 0) - (from.figures.get(name) ?? 0)
  return {
    wallMs: to.at - from.at,
    busyMs: 1000 * difference('pentimento_device_busy_seconds_total'),
    idleMs: 1000 * difference('pentimento_device_idle_with_work_seconds_total'),
    rowsPerCall: difference('pentimento_call_rows_sum') / difference('pentimento_call_rows_count'),
  }
}
