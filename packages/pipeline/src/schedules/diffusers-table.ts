import { float32Log } from './float32-log.ts'
import { betas, lastAlphaBar, type NoiseConfig, type NoiseTable, rescaleToZeroSnr } from './noise-table.ts'

/** Those that a configuration was asked for, without and with zero terminal SNR: as long as there is a model of it. */
const known = new WeakMap<NoiseConfig, [plain?: NoiseTable, rescaled?: NoiseTable]>()

/**
 * The σ table as diffusers' classes compute it: every step in float32, which moves a timestep by up to a hundredth
 * where it is looked up from a σ. Rounding such a timestep gives another whole number here and there than the exact
 * table would.
 *
 * @param zeroTerminalSnr whether the class heeds `rescale_betas_zero_snr`
 */
export function diffusersTable(config: NoiseConfig, zeroTerminalSnr: boolean): NoiseTable {
  const tables = known.get(config) ?? []
  known.set(config, tables)
  const table = tables[zeroTerminalSnr ? 1 : 0] ?? tableIn32Bits(config, zeroTerminalSnr)
  tables[zeroTerminalSnr ? 1 : 0] = table
  return table
}

function tableIn32Bits(config: NoiseConfig, zeroTerminalSnr: boolean): NoiseTable {
  const rounded = betas(config, Math.fround)
  let alphaBars = cumulativeProduct(rounded.map((beta) => Math.fround(1 - beta)))
  if (zeroTerminalSnr) {
    const rescaled = rescaleToZeroSnr(alphaBars, Math.fround)
    // There the products are taken apart into betas and multiplied again.
    const ratios = rescaled.map((alphaBar, i) => (i === 0 ? alphaBar : Math.fround(alphaBar / rescaled[i - 1])))
    alphaBars = cumulativeProduct(ratios.map((ratio) => Math.fround(1 - Math.fround(1 - ratio))))
    alphaBars[alphaBars.length - 1] = lastAlphaBar
  }
  const sigmas = alphaBars.map((bar) => Math.fround(Math.sqrt(Math.fround(Math.fround(1 - bar) / bar))))
  return {
    sigmas,
    logSigmas: sigmas.map(float32Log),
    sigmaMin: sigmas[0],
    sigmaMax: sigmas[sigmas.length - 1],
  }
}

/** As torch's: added up in double precision, each product kept in float32. */
function cumulativeProduct(values: Float64Array): Float64Array {
  let product = 1
  return values.map((value) => {
    product *= value
    return Math.fround(product)
  })
}

/**
 * The timestep of a noise level, as diffusers' `_sigma_to_t` reads it from the table: linear in ln σ, the distance of
 * two entries rounded to float32.
 */
export function tableTimestep({ logSigmas }: NoiseTable, sigma: number): number {
  const logSigma = Math.log(Math.max(sigma, 1e-10))
  const low = Math.min(Math.max(firstAbove(logSigmas, logSigma) - 1, 0), logSigmas.length - 2)
  const weight = (logSigmas[low] - logSigma) / Math.fround(logSigmas[low] - logSigmas[low + 1])
  const within = Math.min(Math.max(weight, 0), 1)
  return (1 - within) * low + within * (low + 1)
}

/** The place of the first of rising numbers that is larger than `limit`; their count if none is. */
function firstAbove(rising: Float64Array, limit: number): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle] > limit) high = middle
    else low = middle + 1
  }
  return low
}
