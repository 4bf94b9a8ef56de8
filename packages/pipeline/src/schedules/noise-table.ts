/**
 * How the training noise was spread over the timesteps: the part of diffusers' `scheduler_config.json` that fixes σ.
 */
export interface NoiseConfig {
  betaStart: number
  betaEnd: number
  betaSchedule: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2'
  trainTimesteps: number
  /** Given betas replace start, end and schedule. */
  trainedBetas?: readonly number[]
  /** Shift the table so that the last timestep is pure noise (Lin et al. 2023, arXiv:2305.08891, Algorithm 1). */
  zeroTerminalSnr?: boolean
}

/** The noise level of every training timestep, rising. */
export interface NoiseTable {
  /** σ of timestep 0 … n − 1. */
  sigmas: Float64Array
  /** Their natural logarithms. */
  logSigmas: Float64Array
  sigmaMin: number
  sigmaMax: number
}

/** Stable Diffusion 1, 2 and XL: σ from 0.0292 to 14.6146. */
export const stableDiffusionNoise: NoiseConfig = {
  betaStart: 0.00085,
  betaEnd: 0.012,
  betaSchedule: 'scaled_linear',
  trainTimesteps: 1000,
}

/** ᾱ of the last timestep under zero terminal SNR: diffusers' 2⁻²⁴ in place of 0, so that σ stays finite (4096). */
export const lastAlphaBar = 2 ** -24

/** The σ table of a model: σ = √((1 − ᾱ)/ᾱ) with ᾱ the running product of 1 − β. */
export function noiseTable(config: NoiseConfig = stableDiffusionNoise): NoiseTable {
  const plain = cumulativeProduct(betas(config).map((beta) => 1 - beta))
  const alphaBars = config.zeroTerminalSnr ? rescaleToZeroSnr(plain) : plain
  return tableOf(alphaBars.map((alphaBar) => Math.sqrt((1 - alphaBar) / alphaBar)))
}

/** A table of rising noise levels. */
export function tableOf(sigmas: Float64Array): NoiseTable {
  return { sigmas, logSigmas: sigmas.map(Math.log), sigmaMin: sigmas[0], sigmaMax: sigmas[sigmas.length - 1] }
}

/**
 * The timestep of a noise level, fractional: linear in ln σ between neighbours, clamped to the table's ends.
 * k-diffusion's `sigma_to_t`.
 */
export function sigmaToTimestep(table: NoiseTable, sigma: number): number {
  const { logSigmas } = table
  const logSigma = Math.log(Math.max(sigma, 1e-10))
  let low = 0
  let high = logSigmas.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (logSigmas[middle] <= logSigma) low = middle
    else high = middle
  }
  const weight = (logSigma - logSigmas[low]) / (logSigmas[high] - logSigmas[low])
  return low + Math.min(Math.max(weight, 0), 1)
}

/** The noise level of a timestep, which may be fractional. The inverse of {@link sigmaToTimestep}. */
export function timestepToSigma(table: NoiseTable, timestep: number): number {
  const { logSigmas } = table
  const low = Math.min(Math.max(Math.floor(timestep), 0), logSigmas.length - 1)
  const high = Math.min(low + 1, logSigmas.length - 1)
  const weight = timestep - low
  return Math.exp((1 - weight) * logSigmas[low] + weight * logSigmas[high])
}

/** A rounding of every intermediate result: none, or `Math.fround` for a computation in float32. */
type Rounding = (value: number) => number
const exact: Rounding = (value) => value

/** β of every training timestep. In float32 as torch's `linspace` has it: from either end, to the middle. */
export function betas(config: NoiseConfig, round: Rounding = exact): Float64Array {
  const { betaStart, betaEnd, betaSchedule, trainTimesteps, trainedBetas } = config
  if (trainedBetas) return Float64Array.from(trainedBetas, round)
  if (betaSchedule === 'squaredcos_cap_v2') {
    const betaAt = (i: number): number =>
      Math.min(1 - cosineAlphaBar((i + 1) / trainTimesteps) / cosineAlphaBar(i / trainTimesteps), 0.999)
    return Float64Array.from({ length: trainTimesteps }, (_, i) => round(betaAt(i)))
  }
  const isScaled = betaSchedule === 'scaled_linear'
  const [start, end] = [betaStart, betaEnd].map((beta) => round(isScaled ? Math.sqrt(beta) : beta))
  const step = round(round(end - start) / (trainTimesteps - 1))
  return Float64Array.from({ length: trainTimesteps }, (_, i) => {
    const value = round(i < Math.floor(trainTimesteps / 2) ? start + step * i : end - step * (trainTimesteps - 1 - i))
    return isScaled ? round(value ** 2) : value
  })
}

/** Nichol and Dhariwal 2021 (arXiv:2102.09672), equation 17. */
function cosineAlphaBar(t: number): number {
  return Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2
}

function cumulativeProduct(values: Float64Array): Float64Array {
  let product = 1
  return values.map((value) => {
    product *= value
    return product
  })
}

/** ᾱ shifted and scaled so that the last is 0, for which {@link lastAlphaBar} stands in. */
export function rescaleToZeroSnr(alphaBars: Float64Array, round: Rounding = exact): Float64Array {
  const roots = alphaBars.map((alphaBar) => round(Math.sqrt(alphaBar)))
  const [first, last] = [roots[0], roots[roots.length - 1]]
  const scale = round(first / round(first - last))
  const rescaled = roots.map((root) => round(round(round(root - last) * scale) ** 2))
  rescaled[rescaled.length - 1] = lastAlphaBar
  return rescaled
}
