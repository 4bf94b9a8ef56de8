import type { Fields } from './field.ts'
import { heaviestLora } from './loras.ts'

/** What is put beside the model. */
export const adapterFields = {
  loras: {
    type: 'loras',
    most: 8,
    heaviest: heaviestLora,
    default: [],
    text: 'JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.',
  },
} as const satisfies Fields

/** The upscaler that needs no file. */
export const plainUpscaler = 'lanczos'

/** How a painted picture becomes larger. */
export const upscaleFields = {
  upscale: {
    type: 'number',
    min: 1,
    max: 4,
    default: 1,
    text: 'How many times as long each side of the result becomes after painting.',
  },
  upscaler: {
    type: 'name',
    default: plainUpscaler,
    nullable: true,
    text: 'What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.',
  },
  hires_strength: {
    type: 'number',
    min: 0,
    max: 1,
    default: 0,
    text: "Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).",
  },
  hires_steps: {
    type: 'integer',
    min: 1,
    max: 150,
    nullable: true,
    text: 'Steps of that, all of which run. Omitted: as `steps`.',
  },
} as const satisfies Fields
