import { PipelineError } from '../errors.ts'
import { type NoiseConfig, stableDiffusionNoise } from './noise-table.ts'

export type TimestepSpacing = 'linspace' | 'leading' | 'trailing'

/**
 * What diffusers' `scheduler_config.json` says, as far as it changes a picture. Null: the scheduler class's own
 * default.
 */
export interface SchedulerConfig {
  noise: NoiseConfig
  prediction: 'epsilon' | 'v'
  timestepSpacing: TimestepSpacing | null
  stepsOffset: number
  /** A curve over the noise levels instead of the timesteps' own. */
  curve: 'karras' | 'exponential' | 'beta' | null
  /** Whether DDIM and PNDM end at noise 0 or at the first timestep's. */
  setAlphaToOne: boolean | null
  finalSigma: 'zero' | 'sigma_min'
  /** Ends of a curve other than the timesteps' own. */
  sigmaMin: number | null
  sigmaMax: number | null
  /** DPMSolverMultistep leaves out timesteps whose λ = −ln σ is lower. */
  lambdaMin: number
  /**
   * LCM: how many timesteps the model was distilled to know, and what multiplies a timestep in its boundary scaling.
   */
  originalSteps: number
  timestepScaling: number
  /** DDIM, Heun and LCM hold the estimate of the clean latents to −x … x. */
  clipRange: number | null
  solver: SolverOptions
}

/** Which of its solvers a multistep class is asked for. */
interface SolverOptions {
  order: number
  type: string | null
  lowerOrderFinal: boolean
  eulerAtFinal: boolean
  predictsNoise: boolean
  skipsCorrector: boolean
  /** PNDM's first steps by Runge and Kutta's method. */
  rungeKutta: boolean
}

/** A Stable Diffusion model whose folder says nothing. */
export const defaultSchedulerConfig: SchedulerConfig = {
  noise: stableDiffusionNoise,
  prediction: 'epsilon',
  timestepSpacing: null,
  stepsOffset: 1,
  curve: null,
  setAlphaToOne: null,
  finalSigma: 'zero',
  sigmaMin: null,
  sigmaMax: null,
  lambdaMin: Number.NEGATIVE_INFINITY,
  originalSteps: 50,
  timestepScaling: 10,
  clipRange: null,
  solver: {
    order: 2,
    type: null,
    lowerOrderFinal: true,
    eulerAtFinal: false,
    predictsNoise: false,
    skipsCorrector: false,
    rungeKutta: false,
  },
}

/**
 * Reads the content of a `scheduler_config.json`.
 *
 * @throws PipelineError `model_unusable` if it asks for something that would change the picture and is not known here.
 */
export function readSchedulerConfig(json: unknown): SchedulerConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) refuse('is not a JSON object')
  const config = json as Record<string, unknown>
  for (const option of ['thresholding', 'use_flow_sigmas', 'use_lu_lambdas', 'use_dynamic_shifting']) {
    if (config[option] === true) refuse(`asks for ${option}, which is not supported`)
  }
  oneOf(config, 'timestep_type', ['discrete'])
  oneOf(config, 'interpolation_type', ['linear'])
  return {
    noise: readNoise(config),
    prediction: oneOf(config, 'prediction_type', ['epsilon', 'v_prediction']) === 'v_prediction' ? 'v' : 'epsilon',
    timestepSpacing: oneOf(config, 'timestep_spacing', ['linspace', 'leading', 'trailing']),
    stepsOffset: number(config, 'steps_offset', 0),
    curve: (['karras', 'exponential', 'beta'] as const).find((curve) => config[`use_${curve}_sigmas`] === true) ?? null,
    setAlphaToOne: typeof config.set_alpha_to_one === 'boolean' ? config.set_alpha_to_one : null,
    finalSigma: oneOf(config, 'final_sigmas_type', ['zero', 'sigma_min']) ?? 'zero',
    sigmaMin: numberOrNull(config, 'sigma_min'),
    sigmaMax: numberOrNull(config, 'sigma_max'),
    lambdaMin: typeof config.lambda_min_clipped === 'number' ? config.lambda_min_clipped : Number.NEGATIVE_INFINITY,
    originalSteps: number(config, 'original_inference_steps', defaultSchedulerConfig.originalSteps),
    timestepScaling: number(config, 'timestep_scaling', defaultSchedulerConfig.timestepScaling),
    clipRange: config.clip_sample === true ? number(config, 'clip_sample_range', 1) : null,
    solver: readSolver(config),
  }
}

/** Left-out options are what Stable Diffusion's samplers do. */
function readSolver(config: Record<string, unknown>): SolverOptions {
  const { disable_corrector: disabled } = config
  return {
    order: number(config, 'solver_order', defaultSchedulerConfig.solver.order),
    type: typeof config.solver_type === 'string' ? config.solver_type : null,
    lowerOrderFinal: config.lower_order_final !== false,
    eulerAtFinal: config.euler_at_final === true,
    predictsNoise: config.predict_x0 === false,
    skipsCorrector: Array.isArray(disabled) && disabled.length > 0,
    rungeKutta: config.skip_prk_steps === false,
  }
}

/** Left-out betas are Stable Diffusion's: the classes' own defaults belong to models that work on pixels. */
function readNoise(config: Record<string, unknown>): NoiseConfig {
  const noise: NoiseConfig = {
    betaStart: number(config, 'beta_start', stableDiffusionNoise.betaStart),
    betaEnd: number(config, 'beta_end', stableDiffusionNoise.betaEnd),
    betaSchedule:
      oneOf(config, 'beta_schedule', ['linear', 'scaled_linear', 'squaredcos_cap_v2']) ??
      stableDiffusionNoise.betaSchedule,
    trainTimesteps: number(config, 'num_train_timesteps', stableDiffusionNoise.trainTimesteps),
    zeroTerminalSnr: config.rescale_betas_zero_snr === true,
  }
  const betas = config.trained_betas
  if (!Array.isArray(betas)) return noise
  if (betas.length < 2 || !betas.every((beta) => typeof beta === 'number' && beta > 0 && beta < 1)) {
    refuse('has trained_betas that are not numbers between 0 and 1')
  }
  return { ...noise, trainedBetas: betas, trainTimesteps: betas.length }
}

function number(config: Record<string, unknown>, key: string, fallback: number): number {
  const value = config[key] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) refuse(`has a ${key} that is not a number`)
  return value
}

function numberOrNull(config: Record<string, unknown>, key: string): number | null {
  return (config[key] ?? null) === null ? null : number(config, key, 0)
}

function oneOf<Value extends string>(
  config: Record<string, unknown>,
  key: string,
  values: readonly Value[],
): Value | null {
  const value = config[key] ?? null
  if (value === null) return null
  const known = values.find((candidate) => candidate === value)
  return known ?? refuse(`has a ${key} other than ${values.join(', ')}`)
}

function refuse(reason: string): never {
  throw new PipelineError('model_unusable', `The model's scheduler_config.json ${reason}.`)
}
