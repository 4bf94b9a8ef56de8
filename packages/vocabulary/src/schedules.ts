interface ScheduleFacts {
  /** What AUTOMATIC1111 v1.10 shows (`modules/sd_schedulers.py`); `model` is ours. */
  label: string
  /**
   * How diffusers has it: as a way of spacing timesteps or the scheduler's own, as a curve of sigmas that some classes
   * can follow, or not at all.
   */
  diffusers: 'spacing' | 'curve' | null
}

/**
 * Every schedule of the wire contract: the rules that pick the sigmas. `automatic` and `model` stand for another one,
 * chosen by sampler and model.
 */
export const scheduleTable = {
  automatic: { label: 'Automatic', diffusers: 'spacing' },
  model: { label: 'Model', diffusers: 'spacing' },
  uniform: { label: 'Uniform', diffusers: 'spacing' },
  normal: { label: 'Normal', diffusers: 'spacing' },
  karras: { label: 'Karras', diffusers: 'curve' },
  exponential: { label: 'Exponential', diffusers: 'curve' },
  polyexponential: { label: 'Polyexponential', diffusers: null },
  sgm_uniform: { label: 'SGM Uniform', diffusers: 'spacing' },
  simple: { label: 'Simple', diffusers: 'spacing' },
  ddim: { label: 'DDIM', diffusers: 'spacing' },
  beta: { label: 'Beta', diffusers: 'curve' },
  kl_optimal: { label: 'KL Optimal', diffusers: null },
  align_your_steps: { label: 'Align Your Steps', diffusers: null },
} as const satisfies Record<string, ScheduleFacts>

export type ScheduleName = keyof typeof scheduleTable

/** The schedules that diffusers has in some way. */
export type DiffusersScheduleName = {
  [name in ScheduleName]: (typeof scheduleTable)[name]['diffusers'] extends null ? never : name
}[ScheduleName]

export function isDiffusersSchedule(name: ScheduleName): name is DiffusersScheduleName {
  return scheduleTable[name].diffusers !== null
}

/** In the order in which they are listed to users. */
export const scheduleNames = Object.keys(scheduleTable) as [ScheduleName, ...ScheduleName[]]

/** Lower-case spelling → schedule: our names, the labels, and the spelling with spaces for underscores. */
export const scheduleAliases: ReadonlyMap<string, ScheduleName> = new Map(
  scheduleNames.flatMap((name) =>
    [name, scheduleTable[name].label.toLowerCase(), name.replaceAll('_', ' ')].map((spelling) => [spelling, name]),
  ),
)

/** Reads a schedule name in our or AUTOMATIC1111's spelling, case-insensitively; `undefined` if there is none. */
export function resolveSchedule(spelling: string): ScheduleName | undefined {
  return scheduleAliases.get(spelling.trim().toLowerCase().replace(/\s+/g, ' '))
}
