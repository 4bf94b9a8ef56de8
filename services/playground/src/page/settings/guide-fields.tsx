import type { ControlPreprocessor } from '@pentimento/vocabulary'
import { ImageUp, X } from 'lucide'
import type { ComponentChildren, JSX } from 'preact'
import { pictureFile } from '../canvas/import-picture.ts'
import { openGuide } from '../canvas/open-guide.ts'
import { FileButton } from '../chrome/file-button.tsx'
import { IconButton } from '../chrome/icon-button.tsx'
import { type GuideName, guides, takeGuide } from '../state/guides.ts'
import { settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'
import { GuidePreview } from './guide-preview.tsx'
import { SelectField } from './select-field.tsx'

const labels = {
  control: 'Control',
  control_2: 'Control 2',
  control_3: 'Control 3',
  reference: 'Reference',
} satisfies Record<GuideName, string>

interface GuideFieldsProps {
  name: GuideName
  /** What reads the picture, of that which goes with the model. */
  fitting: readonly string[]
  onChoose: (model: string) => void
  /** What becomes of the picture before it is read. */
  preprocessor: ControlPreprocessor
  /** Of `canny`. */
  thresholds?: { low: number; high: number }
  /** How the picture comes to the size that is asked for. */
  fit: string
  /** Whether the picture on the board is taken where none was opened. */
  boardElse?: boolean
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
    <fieldset
      class={model === '' ? 'guide-fields' : 'guide-fields boxed'}
      aria-label={labels[name]}
      onDragOver={(event) => model !== '' && event.preventDefault()}
      onDrop={(event) => {
        const file = pictureFile(event.dataTransfer)
        if (model === '' || file === undefined) return
        event.preventDefault()
        void openGuide(name, file)
      }}
    >
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

function GuidePicture({ name, preprocessor, thresholds, fit, boardElse = false }: GuideFieldsProps): JSX.Element {
  const field = `${name}_image` as const
  const picture = guides.value[field] ?? null
  const what = `${labels[name].toLowerCase()} image`
  const changes = preprocessor !== 'none' && preprocessor !== 'inpaint'
  return (
    <Field name={field} label={`${labels[name]} image`}>
      {(picture || (boardElse && changes)) && (
        <GuidePreview
          picture={picture}
          preprocessor={preprocessor}
          {...(thresholds && { thresholds })}
          fit={fit}
          label={changes ? `The ${what}, preprocessed` : `The ${what}`}
        />
      )}
      <div class="row">
        <FileButton
          icon={ImageUp}
          label={`Open ${what}`}
          wide
          attributes={controlAttributes(field)}
          onFile={(file) => openGuide(name, file)}
        />
        {picture && <IconButton icon={X} label={`Remove the ${what}`} onClick={() => takeGuide(name, null)} />}
      </div>
      {picture === null && boardElse && <p class="hint">Until one is opened, it is the picture on the board.</p>}
    </Field>
  )
}
