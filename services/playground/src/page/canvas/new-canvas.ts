import { effect, untracked } from '@preact/signals'
import { background, picture, replacePicture, startWith, untouched } from '../state/board.ts'
import { noExtension } from '../state/extension.ts'
import { blankPicture, boardScale, fillLayer, type Picture } from '../state/picture.ts'
import { change, settings } from '../state/settings.ts'

/** Starts over with an empty canvas of the background colour, as one change that can be taken back. */
export function newCanvas(): void {
  change(noExtension)
  replacePicture(canvasForSettings())
}

/** Paints the ground of a drawing in another colour; under an imported picture it does not show. */
export function changeBackground(colour: string): void {
  background.value = colour
  const former = picture.value
  if (former.source !== null) return
  const ground = blankPicture(former.width, former.height, colour).ground
  fillLayer(ground, colour)
  replacePicture({ ...former, ground })
}

/** Keeps an untouched canvas at the shape that the settings ask for. */
export function keepCanvasInShape(): void {
  effect(() => {
    const { width, height } = settings.value
    untracked(() => {
      if (untouched.value && isSide(width) && isSide(height)) startWith(canvasForSettings())
    })
  })
}

/** A small size gets a canvas with more pixels, to be drawn on smoothly: the service scales it down. */
function canvasForSettings(): Picture {
  const width = isSide(settings.value.width) ? Number(settings.value.width) : picture.value.width
  const height = isSide(settings.value.height) ? Number(settings.value.height) : picture.value.height
  const scale = boardScale(width, height)
  return blankPicture(width * scale, height * scale, background.value)
}

function isSide(text: string): boolean {
  const side = Number(text)
  return Number.isInteger(side) && side >= 64 && side <= 2048
}
