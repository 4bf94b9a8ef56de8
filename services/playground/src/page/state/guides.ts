import { signal } from '@preact/signals'
import { clearErrors, type Settings } from './settings.ts'

/** What a result can be held to beside the picture on the board; the fields of each begin so. */
export type GuideName = 'control' | 'reference'

/** Their pictures, PNG files, by the fields that they are sent in. */
export type Guides = Record<`${GuideName}_image`, Blob | null>

export const noGuides: Guides = { control_image: null, reference_image: null }

/** The pictures that were opened, whether the settings ask for them now or not. */
export const guides = signal(noGuides)

/** Takes a picture, or none; what the api said of the former is no longer true. */
export function takeGuide(name: GuideName, picture: Blob | null): void {
  const field = `${name}_image` as const
  guides.value = { ...guides.value, [field]: picture }
  clearErrors([field])
}

/** Those that the settings ask for. */
export function askedGuides({ control_model, reference_model }: Settings): Guides {
  const { control_image, reference_image } = guides.value
  return {
    control_image: control_model === '' ? null : control_image,
    reference_image: reference_model === '' ? null : reference_image,
  }
}
