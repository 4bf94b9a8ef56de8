import { requestFields } from '@pentimento/vocabulary'
import type { ComponentChildren, JSX } from 'preact'
import { change, type SettingName, settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'

/** The settings that the api takes as numbers within a range. */
type NumberName = {
  [K in SettingName & keyof typeof requestFields]: (typeof requestFields)[K] extends { min: number } ? K : never
}[SettingName & keyof typeof requestFields]

interface NumberFieldProps {
  name: NumberName
  label: string
  /** Of the model's own, narrower than the api's. */
  range?: { min: number; max: number }
  step?: number
  /** Adds a slider before the number. */
  slider?: boolean
  /** What the slider's ends mean. */
  ends?: readonly [low: string, high: string]
  /** Buttons after the number. */
  children?: ComponentChildren
}

/** A number. What is typed goes to the api as it is: the api says what is wrong with it. */
export function NumberField({ name, label, range, step = 1, slider, ends, children }: NumberFieldProps): JSX.Element {
  const { min, max } = range ?? requestFields[name]
  const value = settings.value[name]
  const take = ({ currentTarget }: { currentTarget: HTMLInputElement }) => change({ [name]: currentTarget.value })
  return (
    <Field name={name} label={label}>
      <div class="number-row">
        {slider && (
          <input
            type="range"
            min={min}
            max={max}
            step={step}
            value={value}
            aria-label={`${label}, slider`}
            onInput={take}
          />
        )}
        <input
          {...controlAttributes(name)}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          value={value}
          onInput={take}
          onKeyDown={(event) => {
            const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key]
            if (direction === undefined || Number.isNaN(Number(value))) return
            event.preventDefault()
            change({ [name]: stepped(Number(value), direction * step * (event.shiftKey ? 10 : 1), min, max) })
          }}
        />
        {children}
      </div>
      {ends && (
        <p class="ends" id={`${name}-ends`}>
          <span>{ends[0]}</span>
          <span aria-hidden="true">↔</span>
          <span>{ends[1]}</span>
        </p>
      )}
    </Field>
  )
}

/** The number moved by `by`, kept in its limits and free of binary fractions. */
function stepped(value: number, by: number, min: number, max: number): string {
  return String(Number(Math.min(max, Math.max(min, value + by)).toFixed(4)))
}
