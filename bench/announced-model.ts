import type { ModelEntry } from '@pentimento/contracts'
import type { State } from '@pentimento/state'

/** What the benchmarks of the api announce, so that it accepts jobs. */
export const announcedModel: ModelEntry = {
  id: 'bench',
  title: 'Bench',
  description: 'Announced by the benchmark; nothing runs it.',
  licence: null,
  layout: 'onnx',
  purpose: 'generate',
  missing: [],
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: { steps: 25, guidance_scale: 7, sampler: 'dpmpp_2m', schedule: 'automatic' },
  prompts: [],
  words: null,
  clip_skip_max: 12,
  unsupported: [],
  safety_checker: false,
}

/** Tells again and again, well before it would be forgotten, that a worker serves the model. @returns what ends it */
export async function keepAnnouncing({ workers }: State): Promise<() => void> {
  const worker = { workerId: 'bench', state: 'ready', device: 'none', deviceMemory: null } as const
  const announce = () => workers.announce({ ...worker, models: [announcedModel] })
  await announce()
  const announcing = setInterval(() => void announce().catch(() => {}), 3000)
  return () => clearInterval(announcing)
}
