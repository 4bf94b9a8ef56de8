import { PipelineError } from '../errors.ts'
import type { UnetSignature } from '../models/signature.ts'
import type { Floats, Session } from '../ort/session.ts'
import type { Denoiser } from '../samplers/sampler.ts'
import type { Conditioning } from '../text/encode-prompt.ts'
import { guidanceEmbedding, guide } from './guidance.ts'
import type { Prediction } from './prediction.ts'

/** One half of guidance: what the UNet is told, the size conditioning of SDXL included. */
export interface Branch {
  conditioning: Conditioning
  timeIds: readonly number[] | null
}

export interface UnetOptions {
  images: number
  /**
   * A divisor of `images`. The CPU's kernels add up in an order that depends on the number of rows, so that there only single
   * images give the same bytes in every batch; a GPU is faster with all of them at once.
   */
  imagesPerRun: number
  /** Whether both branches may go into one run, which takes twice the memory of one. */
  joinBranches: boolean
  /** Of the latents. */
  height: number
  width: number
  cond: Branch
  /** Null: no guidance, one evaluation a call. */
  uncond: Branch | null
  guidanceScale: number
  guidanceRescale: number
  prediction: Prediction
  /** The number that the model is told for a noise level, at the `call`-th call; rounded by the session if it takes integers. */
  timestepOf: (sigma: number, call: number) => number
  /** Inpaint models: mask and masked latents, planar [5, height, width], which follow the latents unscaled. */
  inpaint: Float32Array | null
}

/**
 * A denoiser around a UNet. Both branches go into one run when they may and their prompts are equally long; so do the images,
 * as many as `imagesPerRun` says.
 */
export function unetDenoiser(
  session: Session,
  signature: UnetSignature,
  options: UnetOptions,
): { denoise: Denoiser; calls: () => number } {
  const { images, imagesPerRun, height, width, cond, uncond, prediction } = options
  const plane = height * width
  const length = 4 * plane
  const joins = options.joinBranches && uncond?.conditioning.tokens === cond.conditioning.tokens
  const runs = uncond && joins ? [[uncond, cond]] : uncond ? [[uncond], [cond]] : [[cond]]
  const prepared = runs.map((branches) => prepareRun(signature, options, branches))
  const guided = new Float32Array(length)
  let calls = 0
  let estimates = 0

  const denoise: Denoiser = async (x, sigma, out) => {
    const scale = prediction(sigma)
    const timestep = options.timestepOf(sigma, estimates)
    calls += prepared.length
    estimates++
    for (let start = 0; start < images; start += imagesPerRun) {
      const outputs: Float32Array[] = []
      for (const { feeds, sample, rows } of prepared) {
        for (let row = 0; row < rows; row++) {
          const from = (start + (row % imagesPerRun)) * length
          const to = row * signature.channels * plane
          for (let k = 0; k < length; k++) sample[to + k] = x[from + k] * scale.input
        }
        feeds[signature.timestep].data[0] = timestep
        const { data } = (await session.run(feeds, [signature.output]))[signature.output]
        for (let row = 0; row < rows; row += imagesPerRun) outputs.push(data.subarray(row * length))
      }
      for (let i = 0; i < imagesPerRun; i++) {
        const [first, second] = outputs.map((output) => output.subarray(i * length, (i + 1) * length))
        if (second) guide(guided, second, first, options.guidanceScale, options.guidanceRescale)
        const output = second ? guided : first
        const from = (start + i) * length
        for (let k = 0; k < length; k++) out[from + k] = scale.skip * x[from + k] + scale.out * output[k]
      }
    }
    checkFinite(out)
  }
  return { denoise, calls: () => calls }
}

interface PreparedRun {
  feeds: Record<string, Floats>
  sample: Float32Array
  rows: number
}

/** Everything that goes into a run, allocated once; a call writes only the latents and the timestep. */
function prepareRun(signature: UnetSignature, options: UnetOptions, branches: readonly Branch[]): PreparedRun {
  const { imagesPerRun, height, width } = options
  const plane = height * width
  const rows = branches.length * imagesPerRun
  const sample = new Float32Array(rows * signature.channels * plane)
  if (options.inpaint) {
    for (let row = 0; row < rows; row++) sample.set(options.inpaint, (row * signature.channels + 4) * plane)
  }
  const [{ conditioning }] = branches
  const perRow = (pick: (branch: Branch) => ArrayLike<number>, dims: number[]): Floats => {
    const size = dims.reduce((product, dim) => product * dim, 1)
    const data = new Float32Array(rows * size)
    for (let row = 0; row < rows; row++) data.set(pick(branches[Math.floor(row / imagesPerRun)]), row * size)
    return { data, dims: [rows, ...dims] }
  }
  const feeds: Record<string, Floats> = {
    [signature.sample]: { data: sample, dims: [rows, signature.channels, height, width] },
    [signature.timestep]: { data: new Float32Array(1), dims: signature.timestepRank === 0 ? [] : [1] },
    [signature.context]: perRow((branch) => branch.conditioning.context, [conditioning.tokens, conditioning.width]),
  }
  if (signature.pooled) {
    const size = conditioning.pooled?.length ?? 0
    feeds[signature.pooled] = perRow((branch) => branch.conditioning.pooled ?? [], [size])
  }
  if (signature.timeIds) {
    const count = branches[0].timeIds?.length ?? 0
    feeds[signature.timeIds.name] = perRow(({ timeIds }) => timeIds ?? [], [count])
  }
  if (signature.guidanceEmbedding) {
    const { name, size } = signature.guidanceEmbedding
    const embedding = guidanceEmbedding(options.guidanceScale, size)
    feeds[name] = perRow(() => embedding, [size])
  }
  return { feeds, sample, rows }
}

function checkFinite(values: Float32Array): void {
  // One bad value spreads over the picture within a step, so a sum is enough to notice it.
  let sum = 0
  for (const value of values) sum += value
  if (!Number.isFinite(sum)) {
    throw new PipelineError('bad_output', 'The model answered values that are not numbers. Its weights may be broken.')
  }
}
