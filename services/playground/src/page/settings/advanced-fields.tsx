import type { fileFields, pictureFields, SentValue } from '@pentimento/vocabulary'
import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { mode } from '../state/board.ts'
import { capabilities } from '../state/models.ts'
import { errors, type SettingName, settings } from '../state/settings.ts'
import { upscalers } from '../state/upscalers.ts'
import { CheckField } from './check-field.tsx'
import { moreOpen, openMore } from './keep-open.ts'
import { NumberField } from './number-field.tsx'
import { labelled, SelectField } from './select-field.tsx'
import { stepLine } from './step-line.ts'

const resizeModes = labelled({
  stretch: 'Just resize',
  crop: 'Crop and resize',
  fill: 'Resize and fill',
  latent: 'Just resize (latent upscale)',
} satisfies Record<SentValue<typeof pictureFields.resize_mode>, string>)
const semantics = labelled({
  a1111: 'As AUTOMATIC1111',
  diffusers: 'As diffusers',
} satisfies Record<SentValue<typeof pictureFields.semantics>, string>)
const policies = labelled({
  proportional: 'In proportion to strength',
  exact: 'Exactly as many as asked',
} satisfies Record<SentValue<typeof pictureFields.step_policy>, string>)
const generators = labelled({
  cpu: 'CPU',
  nv: 'NVIDIA',
} satisfies Record<SentValue<typeof pictureFields.rng>, string>)
const formats = labelled({
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
} satisfies Record<SentValue<typeof fileFields.output_format>, string>)
const inside: SettingName[] = [
  'steps',
  'guidance_scale',
  'sampler',
  'schedule',
  'resize_mode',
  'color_correction',
  'semantics',
  'step_policy',
  'clip_skip',
  'guidance_rescale',
  'variation_strength',
  'variation_seed',
  'rng',
  'upscale',
  'upscaler',
  'hires_strength',
  'hires_steps',
  'output_format',
]

/** What is seldom changed; it opens by itself when the api finds something wrong in it. */
export function AdvancedFields(): JSX.Element {
  const samplers = capabilities.value?.samplers.map(({ name, label }) => ({ value: name, label })) ?? []
  const schedules = capabilities.value?.schedules.map(({ name, label }) => ({ value: name, label })) ?? []
  const fromPicture = mode.value !== 'text'
  useSignalEffect(() => {
    if (inside.some((name) => name in errors.value)) openMore(true)
  })
  return (
    <details class="advanced" open={moreOpen.value} onToggle={({ currentTarget }) => openMore(currentTarget.open)}>
      <summary>More</summary>
      <NumberField name="steps" label="Sampling steps" slider />
      {fromPicture && (
        <p class="hint step-line" aria-live="polite">
          {stepLine(settings.value)}
        </p>
      )}
      <NumberField name="guidance_scale" label="CFG scale" step={0.5} slider />
      <div class="pair">
        <SelectField name="sampler" label="Sampler" options={samplers} />
        <SelectField name="schedule" label="Schedule" options={schedules} />
      </div>
      {fromPicture && <SelectField name="resize_mode" label="Resize mode" options={resizeModes} />}
      {fromPicture && <CheckField name="color_correction" label="Colour correction" />}
      <div class="pair">
        <NumberField name="variation_strength" label="Variation" step={0.05} />
        {Number(settings.value.variation_strength) !== 0 && (
          <NumberField name="variation_seed" label="Variation seed" />
        )}
      </div>
      <div class="pair">
        <NumberField name="clip_skip" label="Clip skip" />
        <NumberField name="guidance_rescale" label="CFG rescale" step={0.05} />
      </div>
      <SelectField name="semantics" label="Semantics" options={semantics} />
      {fromPicture && <SelectField name="step_policy" label="Steps that run" options={policies} />}
      <div class="pair">
        <SelectField name="rng" label="Random numbers" options={generators} />
        <SelectField name="output_format" label="Format" options={formats} />
      </div>
      <div class="pair">
        <NumberField name="upscale" label="Upscale" step={0.25} />
        {Number(settings.value.upscale) > 1 && (
          <SelectField name="upscaler" label="Upscaler" options={upscalers.value} />
        )}
      </div>
      <div class="pair">
        <NumberField name="hires_strength" label="Second painting" step={0.05} />
        {Number(settings.value.hires_strength) !== 0 && <NumberField name="hires_steps" label="Its steps" />}
      </div>
    </details>
  )
}
