import type { Denoiser } from '../samplers/sampler.ts'
import { guide } from './guidance.ts'
import type { Prediction } from './prediction.ts'
import { type Branch, type BranchSignature, branchInputs, canJoin, type UnetRow } from './unet-row.ts'
import type { UnetRunner } from './unet-runner.ts'

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
  cond: Branch
  /** Null: no guidance, one evaluation a call. */
  uncond: Branch | null
  guidanceScale: number
  guidanceRescale: number
  prediction: Prediction
  /** The number that the model is told for a noise level, at the `call`-th call. */
  timestepOf: (sigma: number, call: number) => number
  /** Inpaint models: mask and masked latents, planar, which follow the latents unscaled. */
  inpaint: Float32Array | null
}

/**
 * A denoiser that asks a UNet, with classifier-free guidance between both branches. They go into one run when they may
 * and their prompts are equally long; so do the images, as many as `imagesPerRun` says.
 */
export function guidedDenoiser(
  run: UnetRunner['run'],
  signature: BranchSignature,
  options: GuidedOptions,
): { denoise: Denoiser; calls: () => number } {
  const { images, imagesPerRun, length, cond, uncond, prediction } = options
  const rowsOf = (branch: Branch): UnetRow[] => {
    const inputs = branchInputs(signature, branch, options.guidanceScale)
    return Array.from({ length: imagesPerRun }, () => {
      const sample = new Float32Array(length + (options.inpaint?.length ?? 0))
      if (options.inpaint) sample.set(options.inpaint, length)
      return { sample, timestep: 0, inputs }
    })
  }
  const branches = (uncond ? [uncond, cond] : [cond]).map(rowsOf)
  const rows = branches.flat()
  const joins = options.joinBranches && rows.every((row) => canJoin(row, rows[0]))
  const runs = joins ? [rows] : branches
  const guided = new Float32Array(length)
  let calls = 0
  let estimates = 0

  const denoise: Denoiser = async (x, sigma, out) => {
    const scale = prediction(sigma)
    const timestep = options.timestepOf(sigma, estimates++)
    calls += runs.length
    for (let start = 0; start < images; start += imagesPerRun) {
      rows.forEach((row, i) => {
        const from = (start + (i % imagesPerRun)) * length
        for (let k = 0; k < length; k++) row.sample[k] = x[from + k] * scale.input
        row.timestep = timestep
      })
      const outputs: Float32Array[] = []
      for (const group of runs) outputs.push(...(await run(group)))
      for (let i = 0; i < imagesPerRun; i++) {
        const [first, second] = [outputs[i], outputs[imagesPerRun + i]]
        if (second) guide(guided, second, first, options.guidanceScale, options.guidanceRescale)
        const output = second ? guided : first
        const from = (start + i) * length
        for (let k = 0; k < length; k++) out[from + k] = scale.skip * x[from + k] + scale.out * output[k]
      }
    }
  }
  return { denoise, calls: () => calls }
}
