import { type ScheduleName, scheduleAliases } from './schedules.ts'

interface SamplerFacts {
  /** What AUTOMATIC1111 v1.10 shows. */
  label: string
  /** Its short aliases, and older names. */
  aliases: readonly string[]
  /** The schedule that AUTOMATIC1111 pairs with it under "Automatic". */
  automatic: Exclude<ScheduleName, 'automatic' | 'model'>
  /** diffusers' scheduler class, and whether it can follow a curve of sigmas; null: it has none. */
  diffusers: { className: string; curves: boolean } | null
  /** How many of the training timesteps its models were distilled to know, evenly spaced; else all of them. */
  knownTimesteps?: number
  /** AUTOMATIC1111 counts two steps of a prompt for each of its steps, as it mostly asks the model twice. */
  callsTwice?: true
}

/** Every sampler of the wire contract. */
export const samplerTable = {
  euler: {
    label: 'Euler',
    aliases: ['k_euler'],
    automatic: 'uniform',
    diffusers: { className: 'EulerDiscreteScheduler', curves: true },
  },
  euler_a: {
    label: 'Euler a',
    aliases: ['k_euler_a', 'k_euler_ancestral'],
    automatic: 'uniform',
    diffusers: { className: 'EulerAncestralDiscreteScheduler', curves: false },
  },
  heun: {
    callsTwice: true,
    label: 'Heun',
    aliases: ['k_heun'],
    automatic: 'uniform',
    diffusers: { className: 'HeunDiscreteScheduler', curves: true },
  },
  dpm2: {
    callsTwice: true,
    label: 'DPM2',
    aliases: ['k_dpm_2'],
    automatic: 'karras',
    diffusers: { className: 'KDPM2DiscreteScheduler', curves: true },
  },
  dpm2_a: {
    callsTwice: true,
    label: 'DPM2 a',
    aliases: ['k_dpm_2_a'],
    automatic: 'karras',
    diffusers: { className: 'KDPM2AncestralDiscreteScheduler', curves: true },
  },
  lms: {
    label: 'LMS',
    aliases: ['k_lms'],
    automatic: 'uniform',
    diffusers: { className: 'LMSDiscreteScheduler', curves: true },
  },
  ddim: {
    label: 'DDIM',
    aliases: [],
    automatic: 'ddim',
    diffusers: { className: 'DDIMScheduler', curves: false },
  },
  unipc: {
    label: 'UniPC',
    aliases: [],
    automatic: 'ddim',
    diffusers: { className: 'UniPCMultistepScheduler', curves: true },
  },
  pndm: {
    label: 'PLMS',
    aliases: ['PNDM'],
    automatic: 'ddim',
    diffusers: { className: 'PNDMScheduler', curves: false },
  },
  lcm: {
    label: 'LCM',
    aliases: ['k_lcm'],
    automatic: 'uniform',
    diffusers: { className: 'LCMScheduler', curves: false },
    knownTimesteps: 50,
  },
  dpmpp_2m: {
    label: 'DPM++ 2M',
    aliases: ['k_dpmpp_2m'],
    automatic: 'karras',
    diffusers: { className: 'DPMSolverMultistepScheduler', curves: true },
  },
  dpmpp_2m_sde: {
    label: 'DPM++ 2M SDE',
    aliases: ['k_dpmpp_2m_sde'],
    automatic: 'exponential',
    diffusers: { className: 'DPMSolverMultistepScheduler', curves: true },
  },
  dpmpp_2s_a: {
    callsTwice: true,
    label: 'DPM++ 2S a',
    aliases: ['k_dpmpp_2s_a'],
    automatic: 'karras',
    diffusers: null,
  },
  dpmpp_sde: {
    callsTwice: true,
    label: 'DPM++ SDE',
    aliases: ['k_dpmpp_sde'],
    automatic: 'karras',
    diffusers: { className: 'DPMSolverSDEScheduler', curves: true },
  },
  dpmpp_3m_sde: { label: 'DPM++ 3M SDE', aliases: ['k_dpmpp_3m_sde'], automatic: 'exponential', diffusers: null },
} as const satisfies Record<string, SamplerFacts>

export type SamplerName = keyof typeof samplerTable

/** The samplers that diffusers has a class for. */
export type DiffusersSamplerName = {
  [name in SamplerName]: (typeof samplerTable)[name]['diffusers'] extends null ? never : name
}[SamplerName]

/** In the order in which they are listed to users. */
export const samplerNames = Object.keys(samplerTable) as [SamplerName, ...SamplerName[]]

export function isDiffusersSampler(name: SamplerName): name is DiffusersSamplerName {
  return samplerFacts(name).diffusers !== null
}

/** What is known of a sampler, in the common type of all. */
export function samplerFacts(name: SamplerName): SamplerFacts {
  return samplerTable[name]
}

/**
 * The other names of a sampler: AUTOMATIC1111's label first, then its aliases and diffusers' class. Where diffusers
 * reaches two samplers with one class and an option, the class means the first.
 */
export function samplerSpellings(name: SamplerName): [label: string, ...others: string[]] {
  const { label, aliases, diffusers } = samplerFacts(name)
  const isFirst =
    samplerNames.find((other) => samplerFacts(other).diffusers?.className === diffusers?.className) === name
  return [label, ...aliases, ...(diffusers && isFirst ? [diffusers.className] : [])]
}

const samplerAliases: ReadonlyMap<string, SamplerName> = new Map(
  samplerNames.flatMap((name) =>
    [name, ...samplerSpellings(name)].map((spelling) => [normal(spelling), name] as const),
  ),
)

function normal(spelling: string): string {
  return spelling.trim().toLowerCase().replace(/\s+/g, ' ')
}

/** What a sampler spelling names; `schedule` is set when the spelling carries one, as in "DPM++ 2M Karras". */
interface ResolvedSampler {
  sampler: SamplerName
  schedule: ScheduleName | null
}

/**
 * Reads a sampler name in our, AUTOMATIC1111's or diffusers' spelling, case-insensitively; `undefined` if nobody calls
 * a sampler so. A trailing schedule label is split off as AUTOMATIC1111 does (`modules/sd_samplers.py`,
 * get_sampler_and_scheduler).
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
