import type { maskFields, maskFileFields, SentValue } from '@pentimento/vocabulary'
import type { JSX } from 'preact'
import { settings } from '../state/settings.ts'
import { CheckField } from './check-field.tsx'
import { NumberField } from './number-field.tsx'
import { labelled, SelectField } from './select-field.tsx'

const maskModes = labelled({
  white: 'Inpaint masked',
  black: 'Inpaint not masked',
} satisfies Partial<Record<SentValue<typeof maskFileFields.mask_mode>, string>>)
const contents = labelled({
  fill: 'Fill',
  original: 'Original',
  noise: 'Latent noise',
  empty: 'Latent nothing',
} satisfies Record<SentValue<typeof maskFields.masked_content>, string>)
const areas = labelled({
  whole: 'Whole picture',
  masked: 'Only masked',
} satisfies Record<SentValue<typeof maskFields.inpaint_area>, string>)

/** What only inpainting has. */
export function InpaintFields(): JSX.Element {
  return (
    <fieldset class="inpaint-fields boxed">
      <legend>Inpaint</legend>
      <NumberField name="mask_blur" label="Mask blur" slider />
      <div class="pair">
        <SelectField name="mask_mode" label="Mask mode" options={maskModes} />
        <SelectField name="masked_content" label="Masked content" options={contents} />
      </div>
      <SelectField name="inpaint_area" label="Inpaint area" options={areas} />
      {settings.value.inpaint_area === 'masked' && (
        <NumberField name="mask_padding" label="Only masked padding" slider />
      )}
      <CheckField name="soft" label="Soft inpainting" />
    </fieldset>
  )
}
