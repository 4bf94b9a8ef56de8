import { scheduledAt } from '@pentimento/vocabulary'
import type { Denoiser } from '../samplers/sampler.ts'
import { compose, guide } from './guidance.ts'
import type { Coefficients, Prediction } from './prediction.ts'
import { type Branch, type BranchSignature, branchInputs, canJoin, type UnetRow } from './unet-row.ts'
import type { UnetRunner } from './unet-runner.ts'

/** What the UNet is told of one prompt, until which call. The first holds again when all have ended. */
export type ScheduledBranch = readonly { until: number; branch: Branch }[]

interface GuidedOptions {
  images: number
  /**
   * A divisor of `images`. The CPU's kernels add up in an order that depends on the number of rows, so that there only
   * single images give the same bytes in every batch; a GPU is faster with all of them at once.
   */
  imagesPerRun: number
  /** Whether both branches may go into one run, which takes twice the memory of one. */
  joinBranches: boolean
  /** Values of one image's latents. */
  length: number
  /** One, or several prompts that pull together, each by its weight. */
  conds: readonly { weight: number; schedule: ScheduledBranch }[]
  /** Null: no guidance, one evaluation a call, of the one prompt that there is. */
  uncond: ScheduledBranch | null
  guidanceScale: number
  guidanceRescale: number
  prediction: Prediction
  /** The number that the model is told for a noise level, at the `call`-th call. */
  timestepOf: (sigma: number, call: number) => number
  /** What networks beside the UNet are told at the `call`-th call; the same object for the same. Absent: none. */
  controlsAt?: (call: number) => UnetRow['inputs']
  /** Inpaint models: mask and masked latents, planar, which follow the latents unscaled. */
  inpaint: Float32Array | null
}

const noControls: UnetRow['inputs'] = {}

/**
 * A denoiser that asks a UNet, with classifier-free guidance between both branches. They go into one run when they may
 * and their prompts are equally long; so do the images, as many as `imagesPerRun` says.
 */
export function guidedDenoiser(
  run: UnetRunner['run'],
  signature: BranchSignature,
  options: GuidedOptions,
): { denoise: Denoiser; calls: () => number } {
  const { images, imagesPerRun, length, conds, uncond, prediction } = options
  const schedules = [...(uncond ? [uncond] : []), ...conds.map(({ schedule }) => schedule)]
  const weights = conds.map(({ weight }) => weight)
  const isOne = weights.length === 1 && weights[0] === 1
  const known = new Map<Branch, Map<UnetRow['inputs'], UnetRow[]>>()

  function rowsOf(branch: Branch, controls: UnetRow['inputs']): UnetRow[] {
    const ofBranch = known.get(branch) ?? new Map<UnetRow['inputs'], UnetRow[]>()
    known.set(branch, ofBranch)
    const inputs = { ...branchInputs(signature, branch, options.guidanceScale), ...controls }
    const fresh = (): UnetRow => {
      const sample = new Float32Array(length + (options.inpaint?.length ?? 0))
      if (options.inpaint) sample.set(options.inpaint, length)
      return { sample, timestep: 0, inputs }
    }
    const rows = ofBranch.get(controls) ?? Array.from({ length: imagesPerRun }, fresh)
    ofBranch.set(controls, rows)
    return rows
  }
  /** Two may go into one run; more of them would be too many rows for a call. */
  function runsOf(branches: UnetRow[][]): UnetRow[][] {
    const rows = branches.flat()
    const joins = options.joinBranches && branches.length <= 2 && rows.every((row) => canJoin(row, rows[0]))
    return joins ? [rows] : branches
  }
  const guided = new Float32Array(length)
  const composed = new Float32Array(length)
  let calls = 0
  let estimates = 0

  const denoise: Denoiser = async (x, sigma, out) => {
    const scale = prediction(sigma)
    const call = estimates++
    const timestep = options.timestepOf(sigma, call)
    const controls = options.controlsAt?.(call) ?? noControls
    const branches = schedules
      .flatMap((schedule) => scheduledAt(schedule, call) ?? [])
      .map(({ branch }) => rowsOf(branch, controls))
    const runs = runsOf(branches)
    calls += runs.length
    for (let start = 0; start < images; start += imagesPerRun) {
      for (const rows of branches) {
        rows.forEach((row, i) => {
          const from = (start + i) * length
          scaleInto(row.sample, x.subarray(from, from + length), scale.input)
          row.timestep = timestep
        })
      }
      const outputs: Float32Array[] = []
      for (const group of runs) outputs.push(...(await run(group)))
      for (let i = 0; i < imagesPerRun; i++) {
        const [first, ...others] = branches.map((_, n) => outputs[n * imagesPerRun + i])
        if (uncond) {
          if (!isOne) compose(composed, first, others, weights)
          guide(guided, isOne ? others[0] : composed, first, options.guidanceScale, options.guidanceRescale)
        }
        const output = uncond ? guided : first
        const from = (start + i) * length
        const [own, answer] = [x, out].map((whole) => whole.subarray(from, from + length))
        combine(answer, own, output, scale)
      }
    }
  }
  return { denoise, calls: () => calls }
}

// Loops of their own: within an async function V8 takes eight times as long for them.

function scaleInto(target: Float32Array, values: Float32Array, factor: number): void {
  for (let k = 0; k < values.length; k++) target[k] = values[k] * factor
}

function combine(out: Float32Array, x: Float32Array, output: Float32Array, scale: Coefficients): void {
  const { skip, out: factor } = scale
  for (let k = 0; k < out.length; k++) out[k] = skip * x[k] + factor * output[k]
}
