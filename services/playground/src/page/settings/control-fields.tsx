import {
  type ControlName,
  type ControlPreprocessor,
  type ControlType,
  controlFields,
  controlNames,
} from '@pentimento/vocabulary'
import type { JSX } from 'preact'
import { mode } from '../state/board.ts'
import { controlTypesOf, fittingControls } from '../state/fitting.ts'
import { change, type Settings, settings } from '../state/settings.ts'
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

const types = labelled({
  openpose: 'Pose',
  depth: 'Depth',
  scribble: 'Scribble, soft edges',
  lineart: 'Lines, hard edges',
  normal: 'Normal map',
  segment: 'Segments',
  tile: 'Tile',
  inpaint: 'What a mask left',
} satisfies Record<ControlType, string>)

/** Pictures whose shapes the result is held to, where a ControlNet or T2I-Adapter goes with the model. */
export function ControlFields(): JSX.Element {
  const isChosen = (name: ControlName) => settings.value[`${name}_model`] !== ''
  // One more than there are.
  const shown = controlNames.filter((name, i) => isChosen(name) || i === 0 || isChosen(controlNames[i - 1] ?? name))
  return (
    <>
      {shown.map((name) => (
        <OneControl key={name} name={name} />
      ))}
    </>
  )
}

function OneControl({ name }: { name: ControlName }): JSX.Element {
  const chosen = settings.value[`${name}_preprocessor`]
  const inpaints = mode.value === 'inpaint' || chosen === 'inpaint'
  return (
    <GuideFields
      name={name}
      fitting={fittingControls.value}
      preprocessor={values.find((value) => value === chosen) ?? 'none'}
      thresholds={thresholdsOf(name)}
      fit={mode.value === 'text' ? 'stretch' : settings.value.resize_mode}
      boardElse={mode.value !== 'text'}
      onChoose={(model) => change(choice(name, model))}
    >
      <TypeField name={name} />
      <SelectField
        name={`${name}_preprocessor`}
        label="Preprocessor"
        options={preprocessors.filter(({ value }) => inpaints || value !== 'inpaint')}
      />
      {chosen === 'canny' && (
        <div class="pair">
          <NumberField name={`${name}_canny_low`} label="Edge threshold, low" />
          <NumberField name={`${name}_canny_high`} label="Edge threshold, high" />
        </div>
      )}
      <NumberField name={`${name}_scale`} label="Control scale" step={0.05} slider />
      <div class="pair">
        <NumberField name={`${name}_start`} label="Starts at" step={0.05} />
        <NumberField name={`${name}_end`} label="Ends at" step={0.05} />
      </div>
    </GuideFields>
  )
}

/** What kind of picture a union ControlNet is given. */
function TypeField({ name }: { name: ControlName }): JSX.Element | null {
  const known = controlTypesOf(settings.value[`${name}_model`])
  if (known.length === 0) return null
  const field = `${name}_type` as const
  const options = types.filter(({ value }) => known.some((type) => type === value))
  const isOpen = !options.some(({ value }) => value === settings.value[field])
  return (
    <SelectField
      name={field}
      label="Kind of picture"
      options={isOpen ? [{ value: settings.value[field], label: 'Choose' }, ...options] : options}
      onChoose={(type) => change({ [field]: type, [`${name}_preprocessor`]: preprocessorOf(type) })}
    />
  )
}

/** A ControlNet with what its name says that it looks at; of a union, edges. */
function choice(name: ControlName, model: string): Partial<Settings> {
  const isUnion = controlTypesOf(model).length > 0
  const type = isUnion ? 'lineart' : ''
  const preprocessor = isUnion ? preprocessorOf(type) : preprocessorFor(model)
  return { [`${name}_model`]: model, [`${name}_type`]: type, [`${name}_preprocessor`]: preprocessor }
}

/** What makes such a picture of any. */
function preprocessorOf(type: string): ControlPreprocessor {
  if (type === 'lineart') return 'canny'
  return mode.value === 'inpaint' && type === 'inpaint' ? 'inpaint' : 'none'
}

/** What is no number yet is the usual one. */
function thresholdsOf(name: ControlName): { low: number; high: number } {
  return {
    low: Number(settings.value[`${name}_canny_low`]) || controlFields.control_canny_low.default,
    high: Number(settings.value[`${name}_canny_high`]) || controlFields.control_canny_high.default,
  }
}

/** What the name of a ControlNet says that it looks at. */
function preprocessorFor(model: string): ControlPreprocessor {
  if (/canny/i.test(model)) return 'canny'
  return mode.value === 'inpaint' && /inpaint/i.test(model) ? 'inpaint' : 'none'
}
