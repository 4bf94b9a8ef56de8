/** The samplers that a request may name. What each one corresponds to elsewhere stands in docs/samplers.md. */
export const samplerNames = [
  'euler',
  'euler_a',
  'heun',
  'dpm2',
  'dpm2_a',
  'lms',
  'ddim',
  'unipc',
  'pndm',
  'lcm',
  'dpmpp_2m',
  'dpmpp_2m_sde',
  'dpmpp_2s_a',
  'dpmpp_sde',
  'dpmpp_3m_sde',
] as const

export type SamplerName = (typeof samplerNames)[number]

/** The rules that pick the sigmas. `automatic` and `model` are resolved before any sigma is computed. */
export const scheduleNames = [
  'automatic',
  'model',
  'uniform',
  'normal',
  'karras',
  'exponential',
  'polyexponential',
  'sgm_uniform',
  'simple',
  'ddim',
  'beta',
  'kl_optimal',
  'align_your_steps',
] as const

export type ScheduleName = (typeof scheduleNames)[number]
