import type { ModelEntry } from '@pentimento/contracts'

/** What the benchmarks of the api announce, so that it accepts jobs. */
export const announcedModel: ModelEntry = {
  id: 'bench',
  title: 'Bench',
  description: 'Announced by the benchmark; nothing runs it.',
  licence: null,
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: { steps: 25, guidance_scale: 7, sampler: 'dpmpp_2m', schedule: 'automatic' },
  prompts: [],
  unsupported: [],
}
