import {
  controlFields,
  controlNames,
  extendFields,
  referenceFields,
  requestFields,
  usualValues,
} from '@pentimento/vocabulary'
import { signal } from '@preact/signals'

/** Names of the form fields that the page shows, as the api calls them. */
export const settingNames = [
  'model',
  'loras',
  ...namesOf(controlFields),
  ...namesOf(referenceFields),
  'prompt',
  'negative_prompt',
  'width',
  'height',
  'resize_mode',
  'sampler',
  'schedule',
  'steps',
  'num_images',
  'seed',
  'guidance_scale',
  'strength',
  'mask_mode',
  'mask_blur',
  'masked_content',
  'inpaint_area',
  'mask_padding',
  'soft',
  ...namesOf(extendFields),
  'color_correction',
  'semantics',
  'step_policy',
  'clip_skip',
  'guidance_rescale',
  'variation_strength',
  'variation_seed',
  'rng',
  'upscale',
  'upscaler',
  'hires_strength',
  'hires_steps',
  'output_format',
] as const satisfies readonly ('model' | keyof typeof requestFields)[]

function namesOf<Fields extends object>(fields: Fields): (keyof Fields)[] {
  return Object.keys(fields) as (keyof Fields)[]
}

export type SettingName = (typeof settingNames)[number]

/** Every setting as the text of its control, so that what the user typed is what the api judges. */
export type Settings = Record<SettingName, string>

/**
 * What says most about a picture is sent and shown in a copied command whatever its value; so is what the api would
 * choose by other fields.
 */
const alwaysSent: readonly string[] = [
  ...controlNames.map((name) => `${name}_preprocessor`),
  'sampler',
  'schedule',
  'steps',
  'num_images',
  'seed',
  'guidance_scale',
  'strength',
]

const defaults = Object.entries(usualValues(requestFields))
  .filter(([name]) => settingNames.some((known) => known === name))
  .map(([name, value]) => [name, String(value)] as const)

/** What the api takes for a field that is left out; a setting that has this value is not sent. */
export const apiDefaults: Partial<Settings> = Object.fromEntries(
  defaults.filter(([name]) => !alwaysSent.includes(name)),
)

export const startSettings: Settings = {
  ...(Object.fromEntries(defaults) as Settings),
  model: '',
  control_type: '',
  control_2_type: '',
  control_3_type: '',
  control_model: '',
  control_2_model: '',
  control_3_model: '',
  reference_model: '',
  hires_steps: '',
  prompt: '',
  width: '512',
  height: '512',
  num_images: '2',
}

export const settings = signal<Settings>(startSettings)

/** The api's own message for each field that it found wrong. */
export const errors = signal<Record<string, string>>({})

/** Where the message stands that belongs to no field. */
export const generalErrorId = 'general-error'

/** Changes some settings; what the api said of their former values is no longer true. */
export function change(changes: Partial<Settings>): void {
  settings.value = { ...settings.value, ...changes }
  clearErrors(Object.keys(changes))
}

/** Takes away what the api said of these fields, and of none. */
export function clearErrors(names: readonly string[]): void {
  const left = Object.entries(errors.value).filter(([name]) => name !== '' && !names.includes(name))
  errors.value = Object.fromEntries(left)
}
