import { useSignal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { CheckField } from './check-field.tsx'
import { NumberField } from './number-field.tsx'
import { SelectField } from './select-field.tsx'
import { errors, type SettingName, settings } from './settings.ts'

const semantics = [
  { value: 'a1111', label: 'As AUTOMATIC1111' },
  { value: 'diffusers', label: 'As diffusers' },
]
const policies = [
  { value: 'proportional', label: 'In proportion to strength' },
  { value: 'exact', label: 'Exactly as many as asked' },
]
const generators = [
  { value: 'cpu', label: 'CPU' },
  { value: 'nv', label: 'NVIDIA' },
]
const formats = [
  { value: 'png', label: 'PNG' },
  { value: 'jpeg', label: 'JPEG' },
  { value: 'webp', label: 'WebP' },
]
const inside: SettingName[] = [
  'color_correction',
  'semantics',
  'step_policy',
  'clip_skip',
  'guidance_rescale',
  'variation_strength',
  'variation_seed',
  'rng',
  'output_format',
]

/** What is seldom changed; it opens by itself when the api finds something wrong in it. */
export function AdvancedFields(): JSX.Element {
  const open = useSignal(false)
  useSignalEffect(() => {
    if (inside.some((name) => name in errors.value)) open.value = true
  })
  return (
    <details
      class="advanced"
      open={open.value}
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open
      }}
    >
      <summary>More</summary>
      <CheckField name="color_correction" label="Colour correction" />
      <div class="pair">
        <NumberField name="variation_strength" label="Variation" min={0} max={1} step={0.05} />
        {Number(settings.value.variation_strength) !== 0 && (
          <NumberField name="variation_seed" label="Variation seed" min={-1} max={4294967295} />
        )}
      </div>
      <div class="pair">
        <NumberField name="clip_skip" label="Clip skip" min={1} max={12} />
        <NumberField name="guidance_rescale" label="CFG rescale" min={0} max={1} step={0.05} />
      </div>
      <SelectField name="semantics" label="Semantics" options={semantics} />
      <SelectField name="step_policy" label="Steps that run" options={policies} />
      <div class="pair">
        <SelectField name="rng" label="Random numbers" options={generators} />
        <SelectField name="output_format" label="Format" options={formats} />
      </div>
    </details>
  )
}
