import type { JSX } from 'preact'
import { model } from '../state/models.ts'
import { change, type SettingName, settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'

interface Option {
  value: string
  label: string
}

/** The values that have a label, in the order of the labels. */
export function labelled(labels: Readonly<Record<string, string>>): Option[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }))
}

interface SelectFieldProps {
  name: SettingName
  label: string
  options: readonly Option[]
  onChoose?: (value: string) => void
}

/** A choice; what the model refuses cannot be chosen. */
export function SelectField({ name, label, options, onChoose }: SelectFieldProps): JSX.Element {
  const refused = model.value?.unsupported ?? []
  const value = settings.value[name]
  return (
    <Field name={name} label={label}>
      <select
        {...controlAttributes(name)}
        value={value}
        onChange={({ currentTarget }) => (onChoose ?? ((chosen) => change({ [name]: chosen })))(currentTarget.value)}
      >
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            selected={option.value === value}
            disabled={refused.includes(`${name}=${option.value}`)}
          >
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}
