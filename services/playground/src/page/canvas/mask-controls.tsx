import { Contrast, Expand, ImageUp, Square } from 'lucide'
import type { JSX } from 'preact'
import { FileButton } from '../chrome/file-button.tsx'
import { IconButton } from '../chrome/icon-button.tsx'
import { notice } from '../state/notice.ts'
import { overlayOpacity } from '../state/tools.ts'
import { BrushSize } from './brush-size.tsx'
import { importMask } from './import-picture.ts'
import { fillMask, grow, invert } from './mask-actions.ts'
import { Slider } from './slider.tsx'

/** What can be done to the mask as a whole, brush size, and how strongly the mask shows. */
export function MaskControls(): JSX.Element {
  return (
    <div class="controls">
      <fieldset class="mask-actions" aria-label="Mask">
        <IconButton icon={Contrast} label="Invert" wide onClick={invert} />
        <IconButton icon={Square} label="Fill all" wide onClick={fillMask} />
        <IconButton icon={Expand} label="Grow" wide onClick={grow} />
        <FileButton icon={ImageUp} label="Open mask" wide onFile={takeMaskFile} />
      </fieldset>
      <BrushSize />
      <Slider
        label="Overlay"
        min={0.1}
        max={1}
        step={0.05}
        value={overlayOpacity.value}
        text={`${Math.round(overlayOpacity.value * 100)} %`}
        onChange={(value) => {
          overlayOpacity.value = value
        }}
      />
    </div>
  )
}

function takeMaskFile(file: Blob): void {
  importMask(file).catch((error: Error) => {
    notice.value = error.message
  })
}
