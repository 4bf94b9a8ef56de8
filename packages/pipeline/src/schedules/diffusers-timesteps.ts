import type { DiffusersSamplerName } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import { roundHalfToEven } from '../round-half-to-even.ts'
import type { DiffusersClass } from './diffusers-classes.ts'
import type { NoiseTable } from './noise-table.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

/**
 * The timesteps that a class spreads over `steps`, highest first. With trailing spacing there may be one more, the
 * timestep −1: at 61 steps, for one, the last of numpy's `arange` falls just above its end.
 */
export function spacedTimesteps(
  sampler: DiffusersSamplerName,
  layout: DiffusersClass,
  steps: number,
  table: NoiseTable,
  config: SchedulerConfig,
): Float64Array {
  const total = table.sigmas.length
  if (sampler === 'lcm') return distilledTimesteps(steps, total, config.originalSteps)
  // Only DPMSolverMultistep leaves out the timesteps whose ln σ is too high for the solver.
  const known = sampler.startsWith('dpmpp_2m') ? knownTimesteps(table, config.lambdaMin) : total
  const count = layout.dropsLowest ? steps + 1 : steps
  // numpy's linspace and arange to the last bit: timesteps lie half-way between whole ones often enough to round
  // otherwise.
  switch (config.timestepSpacing ?? layout.spacing) {
    case 'linspace': {
      const stride = count === 1 ? 0 : (known - 1) / (count - 1)
      return Float64Array.from({ length: steps }, (_, i) => {
        const timestep = i === 0 && count > 1 ? known - 1 : (count - 1 - i) * stride
        return layout.wholeTimesteps ? roundHalfToEven(timestep) : Math.fround(timestep)
      })
    }
    case 'leading': {
      const stride = Math.floor(known / count)
      return Float64Array.from({ length: steps }, (_, i) => (count - 1 - i) * stride + config.stepsOffset)
    }
    case 'trailing': {
      const stride = known - (known - total / steps)
      const length = Math.ceil(known / (total / steps))
      return Float64Array.from({ length }, (_, i) => roundHalfToEven(known - i * stride) - 1)
    }
  }
}

/** The timesteps of a model distilled to `known` of them: every n-th of those, from the last. */
function distilledTimesteps(steps: number, total: number, known: number): Float64Array {
  if (steps > known) {
    const reason = `Models for this sampler are distilled to ${known} timesteps: ask for at most ${known} steps.`
    throw new PipelineError('not_supported', reason)
  }
  const stride = Math.floor(total / known)
  return Float64Array.from({ length: steps }, (_, i) => (known - Math.floor(i * (known / steps))) * stride - 1)
}

/** How many timesteps have a λ = −ln σ of at least `lambdaMin`. */
function knownTimesteps({ logSigmas }: NoiseTable, lambdaMin: number): number {
  return logSigmas.filter((logSigma) => -logSigma >= lambdaMin).length
}
