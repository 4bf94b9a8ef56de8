import type { JSX } from 'preact'
import { change, errors, type SettingName, settings } from '../state/settings.ts'
import { controlAttributes } from './field.tsx'

/** A yes or no. */
export function CheckField({ name, label }: { name: SettingName; label: string }): JSX.Element {
  return (
    <div class="field check">
      <input
        {...controlAttributes(name)}
        type="checkbox"
        checked={settings.value[name] === 'true'}
        onChange={({ currentTarget }) => change({ [name]: String(currentTarget.checked) })}
      />
      <div class="field-head">
        <label for={name}>{label}</label>
        <code aria-hidden="true">{name}</code>
      </div>
      {errors.value[name] && (
        <p class="field-error" id={`${name}-error`}>
          {errors.value[name]}
        </p>
      )}
    </div>
  )
}
