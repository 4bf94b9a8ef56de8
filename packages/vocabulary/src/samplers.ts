import { type ScheduleName, scheduleAliases } from './schedules.ts'

/** Every sampler of the wire contract, in the order in which they are listed to users. */
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

/**
 * The spellings of AUTOMATIC1111 v1.10 (label, then its short alias) and of diffusers (scheduler class) by sampler. The first is the label shown to people.
 * Where diffusers reaches two samplers with one class and an option, the class means the plain one.
 */
export const samplerSpellings: Record<SamplerName, readonly [label: string, ...others: string[]]> = {
  euler: ['Euler', 'k_euler', 'EulerDiscreteScheduler'],
  euler_a: ['Euler a', 'k_euler_a', 'k_euler_ancestral', 'EulerAncestralDiscreteScheduler'],
  heun: ['Heun', 'k_heun', 'HeunDiscreteScheduler'],
  dpm2: ['DPM2', 'k_dpm_2', 'KDPM2DiscreteScheduler'],
  dpm2_a: ['DPM2 a', 'k_dpm_2_a', 'KDPM2AncestralDiscreteScheduler'],
  lms: ['LMS', 'k_lms', 'LMSDiscreteScheduler'],
  ddim: ['DDIM', 'DDIMScheduler'],
  unipc: ['UniPC', 'UniPCMultistepScheduler'],
  pndm: ['PLMS', 'PNDM', 'PNDMScheduler'],
  lcm: ['LCM', 'k_lcm', 'LCMScheduler'],
  dpmpp_2m: ['DPM++ 2M', 'k_dpmpp_2m', 'DPMSolverMultistepScheduler'],
  dpmpp_2m_sde: ['DPM++ 2M SDE', 'k_dpmpp_2m_sde'],
  dpmpp_2s_a: ['DPM++ 2S a', 'k_dpmpp_2s_a'],
  dpmpp_sde: ['DPM++ SDE', 'k_dpmpp_sde', 'DPMSolverSDEScheduler'],
  dpmpp_3m_sde: ['DPM++ 3M SDE', 'k_dpmpp_3m_sde'],
}

const samplerAliases: ReadonlyMap<string, SamplerName> = new Map(
  samplerNames.flatMap((name) =>
    [name, ...samplerSpellings[name]].map((spelling) => [normal(spelling), name] as const),
  ),
)

function normal(spelling: string): string {
  return spelling.trim().toLowerCase().replace(/\s+/g, ' ')
}

/** What a sampler spelling names; `schedule` is set when the spelling carries one, as in "DPM++ 2M Karras". */
export interface ResolvedSampler {
  sampler: SamplerName
  schedule: ScheduleName | null
}

/**
 * Reads a sampler name in our, AUTOMATIC1111's or diffusers' spelling, case-insensitively; `undefined` if nobody calls a sampler so.
 * A trailing schedule label is split off as AUTOMATIC1111 does (`modules/sd_samplers.py`, get_sampler_and_scheduler).
 */
export function resolveSampler(spelling: string): ResolvedSampler | undefined {
  const name = normal(spelling)
  const exact = samplerAliases.get(name)
  if (exact !== undefined) return { sampler: exact, schedule: null }
  for (const [suffix, schedule] of scheduleAliases) {
    if (!name.endsWith(` ${suffix}`)) continue
    const sampler = samplerAliases.get(name.slice(0, -suffix.length - 1))
    if (sampler !== undefined) return { sampler, schedule }
  }
  return undefined
}
