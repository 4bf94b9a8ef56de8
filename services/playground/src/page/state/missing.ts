import { computed } from '@preact/signals'
import { blank, masked, mode } from './board.ts'
import { extension } from './extension.ts'
import { settings } from './settings.ts'
import { whatIsMissing } from './what-is-missing.ts'

/** What a run would miss now. */
export const missing = computed(() =>
  whatIsMissing({
    mode: mode.value,
    prompt: settings.value.prompt,
    blank: blank.value,
    repaints:
      masked.value ||
      settings.value.mask_mode === 'black' ||
      Object.values(extension.value).some((pixels) => pixels > 0),
  }),
)
