import { edit, type Mode, mode, picture, touch } from '../state/board.ts'
import { flatten, newLayer, pixelsOf } from '../state/picture.ts'
import { brushOpacity, brushSize, colour, type Tool, tool } from '../state/tools.ts'
import { floodRegion } from './flood-fill.ts'
import { growMask } from './mask-operations.ts'
import { type StrokePoint, strokeBounds, strokeSegments } from './stroke.ts'

/**
 * How far a colour may differ to be filled over: enough for a scan's grain, too little for two colours of the palette.
 */
const fillTolerance = 32

/** A stroke that is being drawn: on the board already, on the picture only when it ends. */
interface WetStroke {
  mode: Mode
  erases: boolean
  colour: string
  opacity: number
  size: number
  pressure: boolean
  points: StrokePoint[]
}

/** The strokes under way, one for each finger or pen. */
export const wetStrokes = new Map<number, WetStroke>()

export function beginStroke(pointer: number, usedTool: Tool, pressure: boolean, point: StrokePoint): void {
  wetStrokes.set(pointer, {
    mode: mode.value,
    erases: usedTool === 'eraser',
    colour: mode.value === 'inpaint' ? '#ffffff' : colour.value,
    opacity: mode.value === 'inpaint' || usedTool === 'eraser' ? 1 : brushOpacity.value,
    size: brushSize(),
    pressure,
    points: [point],
  })
  touch()
}

export function extendStroke(pointer: number, points: StrokePoint[]): void {
  wetStrokes.get(pointer)?.points.push(...points)
  touch()
}

/** Puts the stroke on its layer for good. */
export function endStroke(pointer: number): void {
  const stroke = wetStrokes.get(pointer)
  wetStrokes.delete(pointer)
  if (stroke === undefined) return
  const { left, top, right, bottom } = strokeBounds(stroke.points, stroke.size)
  const area = new DOMRectReadOnly(left, top, right - left, bottom - top)
  edit(stroke.mode === 'inpaint' ? 'mask' : 'paint', area, (layer) => drawStroke(layer, stroke))
}

export function dropStroke(pointer: number): void {
  if (wetStrokes.delete(pointer)) touch()
}

/** Draws a stroke so that its opacity does not add up where it crosses itself. */
export function drawStroke(layer: CanvasRenderingContext2D, stroke: WetStroke): void {
  const { width, height } = layer.canvas
  const segments = strokeSegments(stroke.points, stroke)
  const even = stroke.opacity === 1 || segments.length === 1
  const target = even ? layer : newLayer(width, height)
  target.save()
  if (even) target.globalAlpha = stroke.opacity
  if (even && stroke.erases) target.globalCompositeOperation = 'destination-out'
  target.strokeStyle = stroke.colour
  target.lineCap = 'round'
  target.lineJoin = 'round'
  for (const segment of segments) {
    target.lineWidth = segment.width
    target.stroke(new Path2D(segment.path))
  }
  target.restore()
  if (even) return
  layer.globalAlpha = stroke.opacity
  layer.drawImage(target.canvas, 0, 0)
  layer.globalAlpha = 1
}

/**
 * Fills the region of one colour around a point. It reaches one pixel further, under the soft edge of the lines around
 * it.
 */
export function fillAt(x: number, y: number): void {
  const { width, height } = picture.value
  const region = growMask(floodRegion(pixelsOf(flatten(picture.value)), x, y, fillTolerance), width, height, 1)
  const stencil = newLayer(width, height)
  const pixels = stencil.createImageData(width, height)
  for (let index = 0; index < region.length; index++) pixels.data[index * 4 + 3] = region[index] as number
  stencil.putImageData(pixels, 0, 0)
  stencil.globalCompositeOperation = 'source-in'
  stencil.fillStyle = mode.value === 'inpaint' ? '#ffffff' : colour.value
  stencil.fillRect(0, 0, width, height)
  edit(mode.value === 'inpaint' ? 'mask' : 'paint', null, (layer) => {
    layer.globalAlpha = mode.value === 'inpaint' ? 1 : brushOpacity.value
    layer.drawImage(stencil.canvas, 0, 0)
    layer.globalAlpha = 1
  })
}

/** Takes the colour of a pixel as the brush's, and goes back to the brush. */
export function pickColour(x: number, y: number): void {
  const [red = 0, green = 0, blue = 0] = flatten(picture.value).getImageData(x, y, 1, 1).data
  colour.value = `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
  tool.value = 'brush'
}

/** Empties the layer that is being painted. */
export function clearPaint(): void {
  edit(mode.value === 'inpaint' ? 'mask' : 'paint', null, (layer) =>
    layer.clearRect(0, 0, layer.canvas.width, layer.canvas.height),
  )
}
