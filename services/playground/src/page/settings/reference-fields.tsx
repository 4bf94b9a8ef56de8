import type { JSX } from 'preact'
import { fittingReferences } from '../state/fitting.ts'
import { change } from '../state/settings.ts'
import { GuideFields } from './guide-fields.tsx'
import { NumberField } from './number-field.tsx'

/** A picture that the result shall resemble, where an IP-Adapter goes with the model. */
export function ReferenceFields(): JSX.Element | null {
  return (
    <GuideFields
      name="reference"
      fitting={fittingReferences.value}
      preprocessor="none"
      fit="fill"
      onChoose={(name) => change({ reference_model: name })}
    >
      <NumberField name="reference_scale" label="Reference scale" step={0.05} slider />
    </GuideFields>
  )
}
