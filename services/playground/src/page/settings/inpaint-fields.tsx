import type { JSX } from 'preact'
import { CheckField } from './check-field.tsx'
import { NumberField } from './number-field.tsx'
import { SelectField } from './select-field.tsx'
import { settings } from './settings.ts'

const maskModes = [
  { value: 'white', label: 'Inpaint masked' },
  { value: 'black', label: 'Inpaint not masked' },
]
const contents = [
  { value: 'fill', label: 'Fill' },
  { value: 'original', label: 'Original' },
  { value: 'noise', label: 'Latent noise' },
  { value: 'empty', label: 'Latent nothing' },
]
const areas = [
  { value: 'whole', label: 'Whole picture' },
  { value: 'masked', label: 'Only masked' },
]

/** What only inpainting has. */
export function InpaintFields(): JSX.Element {
  return (
    <fieldset class="inpaint-fields">
      <legend>Inpaint</legend>
      <NumberField name="mask_blur" label="Mask blur" min={0} max={64} slider />
      <div class="pair">
        <SelectField name="mask_mode" label="Mask mode" options={maskModes} />
        <SelectField name="masked_content" label="Masked content" options={contents} />
      </div>
      <SelectField name="inpaint_area" label="Inpaint area" options={areas} />
      {settings.value.inpaint_area === 'masked' && (
        <NumberField name="mask_padding" label="Only masked padding" min={0} max={256} slider />
      )}
      <CheckField name="soft" label="Soft inpainting" />
    </fieldset>
  )
}
