import type { JSX } from 'preact'

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
  return (
    <label class="slider">
      <span class="slider-label">{label}</span>
      <input
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
    </label>
  )
}
