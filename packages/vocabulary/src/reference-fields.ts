import type { Fields } from './field.ts'

/** A picture that the painted ones shall resemble, beside the prompt (IP-Adapter). */
export const referenceFields = {
  reference_model: {
    type: 'name',
    nullable: true,
    text: 'The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model.',
  },
  reference_scale: {
    type: 'number',
    min: 0,
    max: 2,
    default: 0.6,
    nullable: true,
    text: 'How strongly `reference_image` counts beside the prompt.',
  },
} as const satisfies Fields
