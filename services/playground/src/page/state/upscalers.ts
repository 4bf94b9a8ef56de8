import { plainUpscaler } from '@pentimento/vocabulary'
import { computed } from '@preact/signals'
import { adapters } from './models.ts'

/** What may enlarge a result, as a choice. */
export const upscalers = computed(() => [
  { value: plainUpscaler, label: 'Lanczos' },
  ...adapters.value
    .filter(({ kind }) => kind === 'upscaler')
    .map(({ name }): { value: string; label: string } => ({ value: name, label: name })),
])
