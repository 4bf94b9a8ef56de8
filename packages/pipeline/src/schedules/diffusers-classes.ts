import type { DiffusersSamplerName } from '@pentimento/vocabulary'
import type { TimestepSpacing } from './scheduler-config.ts'

/**
 * How diffusers' class for a sampler lays out its steps, and which options of the configuration it knows. Its name, and
 * whether it can follow a curve, stand in the vocabulary.
 */
export interface DiffusersClass {
  /** Whether it keeps its latents variance-preserving, x / √(1 + σ²), or variance-exploding as the samplers here. */
  space: 'vp' | 've'
  spacing: TimestepSpacing
  /** Lays out one more timestep than there are steps and drops the lowest. */
  dropsLowest: boolean
  /** Whether timesteps are whole numbers. */
  wholeTimesteps: boolean
  /** Whether the timesteps of a Karras curve are rounded. */
  roundsKarras: boolean
  /** Whether a Karras curve heeds `sigma_min` and `sigma_max`. */
  karrasLimits: boolean
  /** Where the last step ends: as `final_sigmas_type` says, as `set_alpha_to_one` (with this default) says, or at 0. */
  ends: 'final_sigma' | { alphaToOne: boolean } | 'zero'
  /** Whether it heeds `rescale_betas_zero_snr`. */
  zeroTerminalSnr: boolean
  /**
   * What the second model call of a step is told: of a noise level half-way in ln σ, or of the next. Null: there is
   * none.
   */
  second: 'middle' | 'next_exact' | 'next' | null
}

const ve = {
  space: 've',
  spacing: 'linspace',
  dropsLowest: false,
  wholeTimesteps: false,
  roundsKarras: false,
  karrasLimits: true,
  ends: 'zero',
  zeroTerminalSnr: false,
  second: null,
} as const
const vp = { ...ve, space: 'vp', wholeTimesteps: true, zeroTerminalSnr: true } as const
const multistep = { ...vp, dropsLowest: true, roundsKarras: true, ends: 'final_sigma' } as const
const fixedStride = { ...vp, spacing: 'leading' } as const

export const diffusersClasses: Record<DiffusersSamplerName, DiffusersClass> = {
  euler: { ...ve, ends: 'final_sigma', zeroTerminalSnr: true },
  euler_a: { ...ve, zeroTerminalSnr: true },
  heun: { ...ve, second: 'next' },
  dpm2: { ...ve, roundsKarras: true, second: 'middle' },
  // Its step down goes so far that the middle is the next level itself, whose timestep is looked up anew.
  dpm2_a: { ...ve, roundsKarras: true, second: 'next_exact' },
  lms: { ...ve, karrasLimits: false },
  ddim: { ...fixedStride, ends: { alphaToOne: true } },
  unipc: multistep,
  pndm: { ...fixedStride, ends: { alphaToOne: false }, zeroTerminalSnr: false },
  lcm: fixedStride,
  dpmpp_2m: multistep,
  dpmpp_2m_sde: multistep,
  dpmpp_sde: { ...ve, karrasLimits: false, second: 'middle' },
}
