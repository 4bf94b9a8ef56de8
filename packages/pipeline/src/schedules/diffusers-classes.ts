import type { SamplerName } from '@pentimento/vocabulary'
import type { TimestepSpacing } from './scheduler-config.ts'

/** How diffusers' class for a sampler lays out its steps. */
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
  /** Where the last step ends: as `final_sigmas_type` says, as `set_alpha_to_one` (with this default) says, or at 0. */
  ends: 'final_sigma' | { alphaToOne: boolean } | 'zero'
}

const ve = {
  space: 've',
  spacing: 'linspace',
  dropsLowest: false,
  wholeTimesteps: false,
  curves: 'exact',
  ends: 'zero',
} as const
const vp = { ...ve, space: 'vp', wholeTimesteps: true } as const
const multistep = { ...vp, dropsLowest: true, curves: 'karras_rounded', ends: 'final_sigma' } as const

/** Null: diffusers has no class for the sampler. */
export const diffusersClasses: Record<SamplerName, DiffusersClass | null> = {
  euler: { ...ve, name: 'EulerDiscreteScheduler', ends: 'final_sigma' },
  euler_a: { ...ve, name: 'EulerAncestralDiscreteScheduler', curves: 'none' },
  heun: { ...ve, name: 'HeunDiscreteScheduler' },
  dpm2: { ...ve, name: 'KDPM2DiscreteScheduler', curves: 'karras_rounded' },
  dpm2_a: { ...ve, name: 'KDPM2AncestralDiscreteScheduler', curves: 'karras_rounded' },
  lms: { ...ve, name: 'LMSDiscreteScheduler' },
  ddim: { ...vp, name: 'DDIMScheduler', spacing: 'leading', curves: 'none', ends: { alphaToOne: true } },
  unipc: { ...multistep, name: 'UniPCMultistepScheduler' },
  pndm: { ...vp, name: 'PNDMScheduler', spacing: 'leading', curves: 'none', ends: { alphaToOne: false } },
  lcm: { ...vp, name: 'LCMScheduler', spacing: 'leading', curves: 'none' },
  dpmpp_2m: { ...multistep, name: 'DPMSolverMultistepScheduler' },
  dpmpp_2m_sde: { ...multistep, name: 'DPMSolverMultistepScheduler' },
  dpmpp_2s_a: null,
  dpmpp_sde: { ...ve, name: 'DPMSolverSDEScheduler' },
  dpmpp_3m_sde: null,
}
