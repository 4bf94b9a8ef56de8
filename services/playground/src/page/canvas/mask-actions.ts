import { edit, picture } from '../state/board.ts'
import { newLayer, type Picture, pixelsOf, sentSize } from '../state/picture.ts'
import { alphaOfMask, greyOfMask, growMask, invertMask, type Mask, maskOfAlpha, maskOfLuma } from './mask-operations.ts'

/** The part of the board's longer side by which one press of the button grows the mask. */
const growPart = 1 / 64

export function invert(): void {
  changeMask(invertMask)
}

export function fillMask(): void {
  changeMask((mask) => mask.fill(255))
}

export function grow(): void {
  const { width, height } = picture.value
  changeMask((mask) => growMask(mask, width, height, Math.round(Math.max(width, height) * growPart)))
}

/** Takes a black and white picture of any size as the mask: white is repainted. */
export function takeMask(source: CanvasImageSource): void {
  const { width, height } = picture.value
  const scaled = newLayer(width, height)
  scaled.drawImage(source, 0, 0, width, height)
  changeMask(() => maskOfLuma(pixelsOf(scaled)))
}

/** The mask as the file that the api takes, in the size of the picture that is sent: white where it repaints. */
export function maskToSend(from: Picture): CanvasRenderingContext2D {
  const { width, height } = sentSize(from)
  const scaled = newLayer(width, height)
  scaled.imageSmoothingQuality = 'high'
  scaled.drawImage(from.mask.canvas, 0, 0, width, height)
  const grey = newLayer(width, height)
  grey.putImageData(new ImageData(greyOfMask(maskOfAlpha(pixelsOf(scaled))), width, height), 0, 0)
  return grey
}

function changeMask(change: (mask: Mask) => Mask): void {
  const { width, height } = picture.value
  const changed = change(maskOfAlpha(pixelsOf(picture.value.mask)))
  edit('mask', null, (layer) => layer.putImageData(new ImageData(alphaOfMask(changed), width, height), 0, 0))
}
