import type { JSX } from 'preact'
import { brushSize, changeBrushSize } from '../state/tools.ts'
import { Slider } from './slider.tsx'

/** How wide the brush is, in pixels of the picture: one for painting, one for the mask, as the mode has it. */
export function BrushSize(): JSX.Element {
  return (
    <Slider label="Size" min={1} max={200} value={brushSize()} text={`${brushSize()} px`} onChange={changeBrushSize} />
  )
}
