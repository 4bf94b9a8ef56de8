import type { ComponentChildren, JSX } from 'preact'
import type { Guides } from '../state/guides.ts'
import { errors, type SettingName } from '../state/settings.ts'

type FieldName = SettingName | keyof Guides

interface FieldProps {
  name: FieldName
  /** The name that people know it by; the api's own stands beside it. */
  label: string
  children: ComponentChildren
}

/** A labelled control and, when the api refused its value, the api's own message. */
export function Field({ name, label, children }: FieldProps): JSX.Element {
  const error = errors.value[name]
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <div class="field-head">
        <label for={name}>{label}</label>
        <code aria-hidden="true">{name}</code>
      </div>
      {children}
      {error && (
        <p class="field-error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

/** What ties a control to its label and message. */
export function controlAttributes(name: FieldName): {
  id: string
  'aria-invalid': boolean
  'aria-describedby'?: string
} {
  const wrong = errors.value[name] !== undefined
  return { id: name, 'aria-invalid': wrong, ...(wrong && { 'aria-describedby': `${name}-error` }) }
}
