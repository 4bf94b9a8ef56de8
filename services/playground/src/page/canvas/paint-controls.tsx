import type { JSX } from 'preact'
import { background } from '../state/board.ts'
import { brushOpacity, colour, palette, tool } from '../state/tools.ts'
import { BrushSize } from './brush-size.tsx'
import { changeBackground } from './new-canvas.ts'
import { Slider } from './slider.tsx'

/** Colours, brush size and opacity, for drawing. */
export function PaintControls(): JSX.Element {
  return (
    <div class="controls">
      <fieldset class="palette" aria-label="Colour">
        {palette.map(({ name, value }) => (
          <button
            key={value}
            type="button"
            class="swatch"
            style={{ '--swatch': value }}
            aria-label={name}
            aria-pressed={colour.value === value}
            title={name}
            onClick={() => chooseColour(value)}
          />
        ))}
        <label class="swatch custom" style={{ '--swatch': colour.value }} title="Any colour">
          <input
            type="color"
            aria-label="Any colour"
            value={colour.value}
            onInput={({ currentTarget }) => chooseColour(currentTarget.value)}
          />
        </label>
        <label class="ground" title="Background colour">
          <span>Background</span>
          <span class="swatch" style={{ '--swatch': background.value }}>
            <input
              type="color"
              aria-label="Background colour"
              value={background.value}
              onChange={({ currentTarget }) => changeBackground(currentTarget.value)}
            />
          </span>
        </label>
      </fieldset>
      <BrushSize />
      <Slider
        label="Opacity"
        min={0.05}
        max={1}
        step={0.05}
        value={brushOpacity.value}
        text={`${Math.round(brushOpacity.value * 100)} %`}
        onChange={(value) => {
          brushOpacity.value = value
        }}
      />
    </div>
  )
}

function chooseColour(value: string): void {
  colour.value = value
  if (tool.value === 'eraser' || tool.value === 'eyedropper') tool.value = 'brush'
}
