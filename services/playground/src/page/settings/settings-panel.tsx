import { useSignal, useSignalEffect } from '@preact/signals'
import { SlidersHorizontal } from 'lucide'
import type { JSX } from 'preact'
import { Icon } from '../chrome/icon.tsx'
import { mode } from '../state/board.ts'
import { forOthers } from '../state/fitting.ts'
import { capabilities, chooseModel, model, models } from '../state/models.ts'
import { errors } from '../state/settings.ts'
import { AdvancedFields } from './advanced-fields.tsx'
import { ControlFields } from './control-fields.tsx'
import { InpaintFields } from './inpaint-fields.tsx'
import { LoraField } from './lora-field.tsx'
import { ModelAbout } from './model-about.tsx'
import { modelLabel } from './model-label.ts'
import { NumberField } from './number-field.tsx'
import { ReferenceFields } from './reference-fields.tsx'
import { SeedField } from './seed-field.tsx'
import { SelectField } from './select-field.tsx'
import { SizeFields } from './size-fields.tsx'

/** Every setting but the prompts, which stand under the picture. */
export function SettingsPanel(): JSX.Element {
  // Only a narrow screen folds them away; one of them that is wrong unfolds them.
  const open = useSignal(false)
  useSignalEffect(() => {
    if (Object.keys(errors.value).some((name) => name !== '' && !name.endsWith('prompt'))) open.value = true
  })
  const fromPicture = mode.value !== 'text'
  return (
    <section class="settings" aria-label="Settings">
      <button
        type="button"
        class="button settings-toggle"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value
        }}
      >
        <Icon of={SlidersHorizontal} />
        Settings
      </button>
      <div class={open.value ? 'settings-body open' : 'settings-body'}>
        <div class="model-choice">
          <SelectField
            name="model"
            label="Model"
            options={models.value.map((entry) => ({ value: entry.id, label: modelLabel(entry) }))}
            onChoose={chooseModel}
          />
          {capabilities.value && models.value.length === 0 && <p class="hint">No worker serves a model yet.</p>}
          {model.value?.missing.map((advice) => (
            <p class="hint missing" key={advice}>
              {advice}
            </p>
          ))}
          {model.value && forOthers.value.length > 0 && (
            <p class="hint">For other models only: {forOthers.value.join(', ')}.</p>
          )}
          {model.value?.description && <ModelAbout description={model.value.description} />}
        </div>
        <LoraField />
        <ControlFields />
        <ReferenceFields />
        {fromPicture && (
          <NumberField
            name="strength"
            label="Denoising strength"
            step={0.05}
            slider
            ends={[mode.value === 'inpaint' ? 'closer to what is there' : 'closer to the drawing', 'freer']}
          />
        )}
        <SizeFields />
        <div class="batch-and-seed">
          <NumberField name="num_images" label="Batch" />
          <SeedField />
        </div>
        {mode.value === 'inpaint' && <InpaintFields />}
        <AdvancedFields />
      </div>
    </section>
  )
}
