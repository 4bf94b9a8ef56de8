import { pictureFields } from '@pentimento/vocabulary'
import { ArrowRightLeft, Scan } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import { mode } from '../state/board.ts'
import { canvasSize } from '../state/extension.ts'
import { fitSizeTo, model } from '../state/models.ts'
import { sizePresets } from '../state/presets.ts'
import { change, settings } from '../state/settings.ts'
import { NumberField } from './number-field.tsx'

/** Width and height, with sizes that suit the model, the picture's own shape, and a swap. */
export function SizeFields(): JSX.Element {
  const { width, height } = settings.value
  const presets = model.value ? sizePresets(model.value) : []
  const range = model.value?.sizes ?? pictureFields.width
  const chosen = presets.findIndex((preset) => String(preset.width) === width && String(preset.height) === height)
  return (
    <fieldset class="size-fields">
      <legend>Size</legend>
      <div class="preset-row">
        <select
          aria-label="Size preset"
          value={chosen}
          onChange={({ currentTarget }) => {
            const preset = presets[Number(currentTarget.value)]
            if (preset) change({ width: String(preset.width), height: String(preset.height) })
          }}
        >
          <option value={-1} selected={chosen < 0}>
            Custom
          </option>
          {presets.map((preset, index) => (
            <option key={preset.label} value={index} selected={chosen === index}>
              {preset.label} · {preset.width} × {preset.height}
            </option>
          ))}
        </select>
        {mode.value !== 'text' && (
          <IconButton
            icon={Scan}
            label="Take the picture’s shape"
            onClick={() => change(fitSizeTo(canvasSize.value.width / canvasSize.value.height))}
          />
        )}
      </div>
      <div class="sides">
        <NumberField name="width" label="Width" range={range} step={pictureFields.width.multiple} />
        <IconButton
          icon={ArrowRightLeft}
          label="Swap width and height"
          onClick={() => change({ width: height, height: width })}
        />
        <NumberField name="height" label="Height" range={range} step={pictureFields.width.multiple} />
      </div>
    </fieldset>
  )
}
