import { type ControlPreprocessor, controlFields } from '@pentimento/vocabulary'
import type { JSX } from 'preact'
import { mode } from '../state/board.ts'
import { fittingControls } from '../state/fitting.ts'
import { change, settings } from '../state/settings.ts'
import { GuideFields } from './guide-fields.tsx'
import { NumberField } from './number-field.tsx'
import { labelled, SelectField } from './select-field.tsx'

const { values } = controlFields.control_preprocessor
const preprocessors = labelled({
  none: 'None',
  canny: 'Canny edges',
  invert: 'Invert',
  inpaint: 'What the mask repaints is open',
} satisfies Record<ControlPreprocessor, string>)

/** A picture whose shapes the result is held to, where a ControlNet or T2I-Adapter goes with the model. */
export function ControlFields(): JSX.Element | null {
  const chosen = settings.value.control_preprocessor
  return (
    <GuideFields
      name="control"
      fitting={fittingControls.value}
      preprocessor={values.find((value) => value === chosen) ?? 'none'}
      otherwise={mode.value === 'text' ? null : 'Until one is opened, it is the picture on the board.'}
      onChoose={(name) => change({ control_model: name, control_preprocessor: preprocessorFor(name) })}
    >
      <SelectField name="control_preprocessor" label="Preprocessor" options={preprocessors} />
      <NumberField name="control_scale" label="Control scale" step={0.05} slider />
    </GuideFields>
  )
}

/** What the name of a ControlNet says that it looks at. */
function preprocessorFor(name: string): ControlPreprocessor {
  if (/canny/i.test(name)) return 'canny'
  return mode.value === 'inpaint' && /inpaint/i.test(name) ? 'inpaint' : 'none'
}
