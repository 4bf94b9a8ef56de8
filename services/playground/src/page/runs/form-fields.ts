import type { Job } from '@pentimento/contracts'
import { maskFields, maskFileFields, sourceFields } from '@pentimento/vocabulary'
import { guideOf } from '../state/guides.ts'
import { apiDefaults, type SettingName, type Settings, settingNames } from '../state/settings.ts'

/**
 * The form fields that a run of this kind sends: what differs from the api's own defaults, so that a copied command
 * shows what matters. An empty width or height leaves that size to the api; any other empty field is sent, for the api
 * to say what it thinks of it.
 */
export function formFields(kind: Job['kind'], settings: Settings): [name: string, value: string][] {
  return settingNames.flatMap((name): [string, string][] => {
    const value = settings[name].trim()
    if (value === apiDefaults[name] || isWithoutEffect(name, kind, settings)) return []
    if (value === '' && (name === 'width' || name === 'height' || name === 'model')) return []
    return [[name, value]]
  })
}

function isWithoutEffect(name: SettingName, kind: Job['kind'], settings: Settings): boolean {
  if (kind !== 'inpaint' && (name in maskFileFields || name in maskFields)) return true
  if (kind === 'txt2img' && name in sourceFields) return true
  const guide = guideOf(name)
  if (guide) return settings[`${guide}_model`] === '' || (name === `${guide}_type` && settings[name] === '')
  if (name === 'mask_padding') return settings.inpaint_area !== 'masked'
  if (name === 'variation_seed') return Number(settings.variation_strength) === 0
  if (name === 'upscaler') return Number(settings.upscale) === 1
  if (name === 'hires_steps') return settings.hires_steps === '' || Number(settings.hires_strength) === 0
  return false
}
