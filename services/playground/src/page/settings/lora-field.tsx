import { adapterFields } from '@pentimento/vocabulary'
import { X } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import { fittingLoras } from '../state/fitting.ts'
import { type ChosenLora, lorasText, parseLoras } from '../state/loras.ts'
import { change, settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'

function chooseLoras(loras: readonly ChosenLora[]): void {
  change({ loras: lorasText(loras) })
}

/** LoRAs with their weights, of those that go with the model. */
export function LoraField(): JSX.Element | null {
  const chosen = parseLoras(settings.value.loras)
  const left = fittingLoras.value.filter((name) => !chosen.some((lora) => lora.name === name))
  if (chosen.length === 0 && left.length === 0) return null
  const { most, heaviest } = adapterFields.loras
  return (
    <Field name="loras" label="LoRAs">
      {chosen.map(({ name, weight }, i) => (
        <div class="lora-row" key={name}>
          <span title={name}>{name}</span>
          <input
            type="number"
            min={-heaviest}
            max={heaviest}
            step={0.05}
            // What is typed stays as it is, "-0." too, as long as it says the same.
            ref={(input) => {
              if (input && Number(input.value || Number.NaN) !== weight) input.value = String(weight)
            }}
            aria-label={`Weight of ${name}`}
            onInput={({ currentTarget: { value } }) => {
              if (value !== '') chooseLoras(chosen.with(i, { name, weight: Number(value) }))
            }}
          />
          <IconButton
            icon={X}
            label={`Leave ${name} out`}
            onClick={() => chooseLoras(chosen.filter((lora) => lora.name !== name))}
          />
        </div>
      ))}
      <select
        {...controlAttributes('loras')}
        value=""
        disabled={left.length === 0 || chosen.length >= most}
        onChange={({ currentTarget }) => {
          chooseLoras([...chosen, { name: currentTarget.value, weight: 1 }])
          currentTarget.value = ''
        }}
      >
        <option value="">Add a LoRA …</option>
        {left.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  )
}
