/** Every schedule of the wire contract. `automatic` and `model` stand for another one, chosen by sampler and model. */
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

/** The label AUTOMATIC1111 v1.10 shows for each schedule (`modules/sd_schedulers.py`); `model` is ours. */
export const scheduleLabels: Record<ScheduleName, string> = {
  automatic: 'Automatic',
  model: 'Model',
  uniform: 'Uniform',
  normal: 'Normal',
  karras: 'Karras',
  exponential: 'Exponential',
  polyexponential: 'Polyexponential',
  sgm_uniform: 'SGM Uniform',
  simple: 'Simple',
  ddim: 'DDIM',
  beta: 'Beta',
  kl_optimal: 'KL Optimal',
  align_your_steps: 'Align Your Steps',
}

/** Lower-case spelling → schedule: our names, the labels, and the spelling with spaces for underscores. */
export const scheduleAliases: ReadonlyMap<string, ScheduleName> = new Map(
  scheduleNames.flatMap((name) =>
    [name, scheduleLabels[name].toLowerCase(), name.replaceAll('_', ' ')].map((spelling) => [spelling, name]),
  ),
)

/** Reads a schedule name in our or AUTOMATIC1111's spelling, case-insensitively; `undefined` if there is none. */
export function resolveSchedule(spelling: string): ScheduleName | undefined {
  return scheduleAliases.get(spelling.trim().toLowerCase().replace(/\s+/g, ' '))
}
