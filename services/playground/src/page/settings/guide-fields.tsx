import type { ControlPreprocessor } from '@pentimento/vocabulary'
import { ImageUp, X } from 'lucide'
import type { ComponentChildren, JSX } from 'preact'
import { openGuide } from '../canvas/open-guide.ts'
import { FileButton } from '../chrome/file-button.tsx'
import { IconButton } from '../chrome/icon-button.tsx'
import { type GuideName, guides, takeGuide } from '../state/guides.ts'
import { settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'
import { GuidePreview } from './guide-preview.tsx'
import { SelectField } from './select-field.tsx'

const labels = { control: 'Control', reference: 'Reference' } as const

interface GuideFieldsProps {
  name: GuideName
  /** What reads the picture, of that which goes with the model. */
  fitting: readonly string[]
  onChoose: (model: string) => void
  /** What becomes of the picture before it is read. */
  preprocessor: ControlPreprocessor
  /** What is taken where no picture was opened. */
  otherwise: string | null
  /** What else can be set once something reads it. */
  children: ComponentChildren
}

/** Something that holds the result to a picture: what reads it, and, once that is chosen, the picture and the rest. */
export function GuideFields(props: GuideFieldsProps): JSX.Element | null {
  const { name, fitting, onChoose, children } = props
  const model = settings.value[`${name}_model`]
  if (model === '' && fitting.length === 0) return null
  const names = model === '' || fitting.includes(model) ? fitting : [model, ...fitting]
  return (
    <fieldset class={model === '' ? 'guide-fields' : 'guide-fields boxed'} aria-label={labels[name]}>
      <SelectField
        name={`${name}_model`}
        label={`${labels[name]} model`}
        options={[{ value: '', label: 'None' }, ...names.map((value) => ({ value, label: value }))]}
        onChoose={onChoose}
      />
      {model !== '' && (
        <>
          <GuidePicture {...props} />
          {children}
        </>
      )}
    </fieldset>
  )
}

function GuidePicture({ name, preprocessor, otherwise }: GuideFieldsProps): JSX.Element {
  const field = `${name}_image` as const
  const picture = guides.value[field]
  const preview =
    preprocessor === 'none' || preprocessor === 'inpaint' ? `The ${name} image` : `The ${name} image, preprocessed`
  return (
    <Field name={field} label={`${labels[name]} image`}>
      {picture && <GuidePreview picture={picture} preprocessor={preprocessor} label={preview} />}
      <div class="row">
        <FileButton
          icon={ImageUp}
          label={`${picture ? 'Open another' : 'Open'} ${name} image`}
          wide
          attributes={controlAttributes(field)}
          onFile={(file) => openGuide(name, file)}
        />
        {picture && <IconButton icon={X} label={`Remove the ${name} image`} onClick={() => takeGuide(name, null)} />}
      </div>
      {picture === null && otherwise && <p class="hint">{otherwise}</p>}
    </Field>
  )
}
