import { signal } from '@preact/signals'

/** Names of the form fields that the page shows, as the api calls them. */
export const settingNames = [
  'model',
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
  'color_correction',
  'semantics',
  'step_policy',
  'clip_skip',
  'guidance_rescale',
  'variation_strength',
  'variation_seed',
  'rng',
  'output_format',
] as const
export type SettingName = (typeof settingNames)[number]

/** Every setting as the text of its control, so that what the user typed is what the api judges. */
export type Settings = Record<SettingName, string>

/** What the api takes for a field that is left out; a setting that has this value is not sent. */
export const apiDefaults: Partial<Settings> = {
  negative_prompt: '',
  resize_mode: 'stretch',
  mask_mode: 'white',
  mask_blur: '4',
  masked_content: 'original',
  inpaint_area: 'whole',
  mask_padding: '32',
  soft: 'false',
  color_correction: 'false',
  semantics: 'a1111',
  step_policy: 'proportional',
  clip_skip: '1',
  guidance_rescale: '0',
  variation_strength: '0',
  variation_seed: '-1',
  rng: 'cpu',
  output_format: 'png',
}

export const startSettings: Settings = {
  ...(apiDefaults as Settings),
  model: '',
  prompt: '',
  width: '512',
  height: '512',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  steps: '25',
  num_images: '2',
  seed: '-1',
  guidance_scale: '7',
  strength: '0.75',
}

export const settings = signal<Settings>(startSettings)

/** The api's own message for each field that it found wrong. */
export const errors = signal<Record<string, string>>({})

/** Where the message stands that belongs to no field. */
export const generalErrorId = 'general-error'

/** Changes some settings; what the api said of their former values is no longer true. */
export function change(changes: Partial<Settings>): void {
  settings.value = { ...settings.value, ...changes }
  const left = Object.entries(errors.value).filter(([name]) => name !== '' && !(name in changes))
  errors.value = Object.fromEntries(left)
}
