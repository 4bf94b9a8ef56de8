import type { SamplerName } from '@pentimento/vocabulary'
import type { TimestepSpacing } from './scheduler-config.ts'

/** How diffusers' class for a sampler lays out its steps, and which options of the configuration it knows. */
export interface DiffusersClass {
  name: string
  /** Whether it keeps its latents variance-preserving, x / √(1 + σ²), or variance-exploding as the samplers here. */
  space: 'vp' | 've'
  spacing: TimestepSpacing
  /** Lays out one more timestep than there are steps and drops the lowest. */
  dropsLowest: boolean
  /** Whether timesteps are whole numbers. */
  wholeTimesteps: boolean
  /** Whether it can follow a Karras, exponential or beta curve, and whether Karras timesteps are rounded. */
  curves: 'none' | 'exact' | 'karras_rounded'
  /** Whether a Karras curve heeds `sigma_min` and `sigma_max`. */
  karrasLimits: boolean
  /** Where the last step ends: as `final_sigmas_type` says, as `set_alpha_to_one` (with this default) says, or at 0. */
  ends: 'final_sigma' | { alphaToOne: boolean } | 'zero'
  /** Whether it heeds `rescale_betas_zero_snr`. */
  zeroTerminalSnr: boolean
  /** What the second model call of a step is told: of a noise level half-way in ln σ, or of the next. Null: there is none. */
  second: 'middle' | 'next_exact' | 'next' | null
}

const ve = {
  space: 've',
  spacing: 'linspace',
  dropsLowest: false,
  wholeTimesteps: false,
  curves: 'exact',
  karrasLimits: true,
  ends: 'zero',
  zeroTerminalSnr: false,
  second: null,
} as const
const vp = { ...ve, space: 'vp', wholeTimesteps: true, zeroTerminalSnr: true } as const
const multistep = { ...vp, dropsLowest: true, curves: 'karras_rounded', ends: 'final_sigma' } as const
const fixedStride = { ...vp, spacing: 'leading', curves: 'none' } as const

/** Null: diffusers has no class for the sampler. */
export const diffusersClasses: Record<SamplerName, DiffusersClass | null> = {
  euler: { ...ve, name: 'EulerDiscreteScheduler', ends: 'final_sigma', zeroTerminalSnr: true },
  euler_a: { ...ve, name: 'EulerAncestralDiscreteScheduler', curves: 'none', zeroTerminalSnr: true },
  heun: { ...ve, name: 'HeunDiscreteScheduler', second: 'next' },
  dpm2: { ...ve, name: 'KDPM2DiscreteScheduler', curves: 'karras_rounded', second: 'middle' },
  // Its step down goes so far that the middle is the next level itself, whose timestep is looked up anew.
  dpm2_a: { ...ve, name: 'KDPM2AncestralDiscreteScheduler', curves: 'karras_rounded', second: 'next_exact' },
  lms: { ...ve, name: 'LMSDiscreteScheduler', karrasLimits: false },
  ddim: { ...fixedStride, name: 'DDIMScheduler', ends: { alphaToOne: true } },
  unipc: { ...multistep, name: 'UniPCMultistepScheduler' },
  pndm: { ...fixedStride, name: 'PNDMScheduler', ends: { alphaToOne: false }, zeroTerminalSnr: false },
  lcm: { ...fixedStride, name: 'LCMScheduler' },
  dpmpp_2m: { ...multistep, name: 'DPMSolverMultistepScheduler' },
  dpmpp_2m_sde: { ...multistep, name: 'DPMSolverMultistepScheduler' },
  dpmpp_2s_a: null,
  dpmpp_sde: { ...ve, name: 'DPMSolverSDEScheduler', karrasLimits: false, second: 'middle' },
  dpmpp_3m_sde: null,
}
