import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface SliderProps {
  label: string
  value: number
  min: number
  max: number
  step?: number
  /** The value in words, for eyes and screen readers. */
  text: string
  onChange: (value: number) => void
}

/** A slider of a tool, its label and value beside it. */
export function Slider({ label, value, min, max, step = 1, text, onChange }: SliderProps): JSX.Element {
  const id = useId()
  return (
    <div class="slider">
      <label class="slider-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
      />
      <span class="slider-value" aria-hidden="true">
        {text}
      </span>
    </div>
  )
}
