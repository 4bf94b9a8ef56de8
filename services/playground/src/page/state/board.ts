import { computed, signal } from '@preact/signals'
import { type Change, emptyHistory, redo, remember, undo } from './history.ts'
import { blankPicture, isEmptyLayer, type LayerName, type Picture } from './picture.ts'

/** Memory that undo may take. */
const undoBytes = 256 * 1024 * 1024
const bytesPerPixel = 4

export type Mode = 'text' | 'sketch' | 'inpaint'

/**
 * Text needs no picture and runs txt2img; sketch draws on the picture and runs img2img; inpaint paints the mask and
 * runs inpaint.
 */
export const mode = signal<Mode>('sketch')
export const background = signal('#ffffff')
export const picture = signal<Picture>(blankPicture(512, 512, '#ffffff'))

/** Counts the changes of the picture's pixels. */
export const revision = signal(0)

const history = signal(emptyHistory)
export const canUndo = computed(() => history.value.done.length > 0)
export const canRedo = computed(() => history.value.undone.length > 0)

const broughtBack = signal(false)
/** Whether nobody has drawn or brought anything yet. */
export const untouched = computed(() => picture.value.source === null && !canUndo.value && !broughtBack.value)

/** Whether a part is masked, and whether there is nothing on the board but its colour. */
export const masked = signal(false)
export const blank = signal(true)

/** Strokes under way do not count: what they leave does. */
function look(): void {
  const { source, paint, mask } = picture.value
  masked.value = !isEmptyLayer(mask)
  blank.value = source === null && !masked.value && isEmptyLayer(paint)
}

export function touch(): void {
  revision.value++
}

export function undoChange(): void {
  history.value = undo(history.value)
  look()
  touch()
}

export function redoChange(): void {
  history.value = redo(history.value)
  look()
  touch()
}

/**
 * Puts a picture on the board as if it had always been there: an empty canvas, or (`before`) what was there before a
 * reload.
 */
export function startWith(next: Picture, before = false): void {
  picture.value = next
  history.value = emptyHistory
  broughtBack.value = before
  look()
}

/** Puts another picture on the board, as one change that can be taken back. */
export function replacePicture(next: Picture): void {
  const former = picture.value
  const change = {
    undo: () => {
      picture.value = former
    },
    redo: () => {
      picture.value = next
    },
    bytes: former.width * former.height * bytesPerPixel * 3,
  }
  change.redo()
  record(change)
}

/** Draws on a layer within a rectangle (pixels, cut to the layer), as one change that can be taken back. */
export function edit(
  name: LayerName,
  area: DOMRectReadOnly | null,
  draw: (layer: CanvasRenderingContext2D) => void,
): void {
  const layer = picture.value[name]
  const left = Math.max(0, Math.floor(area?.left ?? 0))
  const top = Math.max(0, Math.floor(area?.top ?? 0))
  const width = Math.min(layer.canvas.width, Math.ceil(area?.right ?? layer.canvas.width)) - left
  const height = Math.min(layer.canvas.height, Math.ceil(area?.bottom ?? layer.canvas.height)) - top
  if (width <= 0 || height <= 0) return
  const before = layer.getImageData(left, top, width, height)
  draw(layer)
  const after = layer.getImageData(left, top, width, height)
  record({
    undo: () => layer.putImageData(before, left, top),
    redo: () => layer.putImageData(after, left, top),
    bytes: 2 * width * height * bytesPerPixel,
  })
}

function record(change: Change): void {
  history.value = remember(history.value, change, undoBytes)
  look()
  touch()
}
