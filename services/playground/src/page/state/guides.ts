import { controlNames } from '@pentimento/vocabulary'
import { signal } from '@preact/signals'
import { clearErrors, type SettingName, type Settings } from './settings.ts'

/** What a result can be held to beside the picture on the board; the fields of each begin so. */
export const guideNames = ['reference', ...controlNames] as const
export type GuideName = (typeof guideNames)[number]

/** Their pictures, PNG files, by the fields that they are sent in. */
export type Guides = Record<`${GuideName}_image`, Blob | null>

export const noGuides: Guides = {
  control_image: null,
  control_2_image: null,
  control_3_image: null,
  reference_image: null,
}

/** The pictures that were opened, whether the settings ask for them now or not. */
export const guides = signal(noGuides)

/** Takes a picture, or none; what the api said of the former is no longer true. */
export function takeGuide(name: GuideName, picture: Blob | null): void {
  const field = `${name}_image` as const
  guides.value = { ...guides.value, [field]: picture }
  clearErrors([field])
}

/** Those that the settings ask for. */
export function askedGuides(settings: Settings): Guides {
  const asked = guideNames.map((name) => {
    const field = `${name}_image` as const
    return [field, settings[`${name}_model`] === '' ? null : (guides.value[field] ?? null)]
  })
  return Object.fromEntries(asked)
}

/** What a setting is of, if of one of them. */
export function guideOf(setting: SettingName): GuideName | undefined {
  // The longest name that it begins with.
  return guideNames.findLast((name) => setting.startsWith(`${name}_`))
}
