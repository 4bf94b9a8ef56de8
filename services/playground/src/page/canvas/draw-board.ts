import { newLayer, type Picture } from '../state/picture.ts'
import { drawStroke, wetStrokes } from './paint.ts'

/** Colour in which the mask shows on the board: one that food, skin and landscape rarely have. */
const maskTint = '#7a4dff'

/** Shows the picture with the strokes under way. */
export function drawPicture(view: CanvasRenderingContext2D, picture: Picture): void {
  const strokes = [...wetStrokes.values()].filter((stroke) => stroke.mode === 'sketch')
  view.drawImage(picture.ground.canvas, 0, 0)
  if (!strokes.some((stroke) => stroke.erases)) {
    view.drawImage(picture.paint.canvas, 0, 0)
    for (const stroke of strokes) drawStroke(view, stroke)
    return
  }
  // An eraser takes from the paint alone, so the paint is put together apart from the ground.
  const paint = newLayer(picture.width, picture.height)
  paint.drawImage(picture.paint.canvas, 0, 0)
  for (const stroke of strokes) drawStroke(paint, stroke)
  view.drawImage(paint.canvas, 0, 0)
}

/** Shows the mask with the strokes under way, in one tint. */
export function drawMask(view: CanvasRenderingContext2D, picture: Picture): void {
  const { width, height } = picture
  view.globalCompositeOperation = 'source-over'
  view.clearRect(0, 0, width, height)
  view.drawImage(picture.mask.canvas, 0, 0)
  for (const stroke of wetStrokes.values()) if (stroke.mode === 'inpaint') drawStroke(view, stroke)
  view.globalCompositeOperation = 'source-in'
  view.fillStyle = maskTint
  view.fillRect(0, 0, width, height)
}
