import type { Sampler } from '../samplers/sampler.ts'

/** The noise levels of a generation and what goes with them. */
export interface Schedule {
  /** One more than there are steps, falling; the last is where the latents end up, usually 0. */
  sigmas: Float64Array
  /** The timestep to tell the model at a noise level: one of `sigmas`, or one that a sampler visits between them. */
  timestep: (sigma: number) => number
  /** Standard deviation of the latents that start from noise alone. */
  pureNoise: number
  /** What the final latents are multiplied by before they are decoded: 1 where they end at σ = 0. */
  resultScale: number
}

/** The part of a schedule that is run, and the steps along it. */
export interface Run extends Omit<Schedule, 'timestep'> {
  sample: Sampler
  /** How many steps it yields. */
  steps: number
  /** As {@link Schedule.timestep}; `call` counts the model calls of the run, from 0. */
  timestep: (sigma: number, call: number) => number
  /** How many model calls it makes, where shares of it are counted by them, as diffusers does; else by steps. */
  calls?: number
}

/** What the schedules need to know of a family of models. */
export interface FamilySchedules {
  /** The points of `align_your_steps`, which were found for each family. */
  alignYourSteps: readonly number[]
  /** Whether diffusers' pipelines for it set right what a configuration says. */
  correctsConfig: boolean
}
