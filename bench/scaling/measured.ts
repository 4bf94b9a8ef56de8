import { textMs, unetMs, vaeMs } from '../engine/gpu-times.ts'

/** A kind of job as the simulation knows it. */
export interface JobClass {
  name: string
  side: number
  images: number
  steps: number
  /** In megapixel-steps. */
  cost: number
  /** Rows of each of its calls, guided. */
  rows: number
  /** Milliseconds of the device beside its steps: text, encoding and decoding. */
  besideMs: number
}

function jobClass(name: string, side: number, images: number, steps: number): JobClass {
  const area = (side / 8) ** 2
  return {
    name,
    side,
    images,
    steps,
    cost: (side * side * images * steps) / 1e6,
    rows: 2 * images,
    besideMs: 2 * textMs + images * (vaeMs(true, area) + vaeMs(false, area)),
  }
}

export const jobClasses: readonly JobClass[] = [
  jobClass('one picture of 512 × 512, 25 steps', 512, 1, 25),
  jobClass('one of 768 × 768, 30 steps', 768, 1, 30),
  jobClass('four of 1024 × 1024, 40 steps', 1024, 4, 40),
]

/** As the worker's default on a GPU. */
export const slots = 8
const maxRows = 16

/**
 * Seconds that one step of every job in an engine takes: jobs of one size share calls, sizes take turns, and what a job
 * needs beside its steps is spread over them.
 *
 * @param counts jobs of each class
 */
export function roundSeconds(counts: readonly number[]): number {
  const ms = jobClasses.reduce((sum, { side, rows, steps, besideMs }, i) => {
    const jobs = counts[i] ?? 0
    const area = (side / 8) ** 2
    const full = Math.floor((jobs * rows) / maxRows)
    const rest = (jobs * rows) % maxRows
    const calls = full * unetMs(maxRows, area) + (rest > 0 ? unetMs(rest, area) : 0)
    return sum + calls + (jobs * besideMs) / steps
  }, 0)
  return ms / 1000
}

/**
 * Of a worker whose process has begun until it takes jobs: the weights of SD 1.5 loaded (`bench:checkpoints`, fast), and
 * the first picture of a size that a GPU has not seen (docs/performance.md).
 */
export const loadSeconds = 17.8 + 3.5

/** Until that process begins, where node and image are there, and where a node has to come. Assumed: clouds differ. */
export const startSeconds = { near: 10, far: 240 } as const

/**
 * What one job costs Redis: `npm run bench:scaling`, docs/scaling.md. Memory in bytes, of a job until it expires and of
 * what is left of it for seven days.
 */
export const redisPerJob = {
  cpuMs: 4.1,
  commands: 194,
  keys: 1,
  tombstoneKeys: 1,
  memory: 3400,
  tombstoneMemory: 200,
}
