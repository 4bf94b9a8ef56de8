import { signal } from '@preact/signals'
import { picture } from '../state/board.ts'
import { brushSize, changeBrushSize, nextSize, type Tool, tool } from '../state/tools.ts'
import { beginStroke, dropStroke, endStroke, extendStroke, fillAt, pickColour } from './paint.ts'

/** The brush that the arrow keys move, in pixels of the picture; null until a key moves it. */
export const keyBrush = signal<{ x: number; y: number; down: boolean } | null>(null)

/** A pointer id that no pointer has. */
const keys = -1
const toolKeys: Record<string, Tool> = { b: 'brush', e: 'eraser', f: 'fill', i: 'eyedropper' }
const moves: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * What a key does on the focused board: arrows move the brush (Shift: further), space sets it down or lifts it, letters
 * choose tools, [ ] its size.
 */
export function takeKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const move = moves[event.key]
  const chosen = toolKeys[event.key.toLowerCase()]
  if (move !== undefined) moveBrush(move, event.shiftKey ? 4 : 1)
  else if (event.key === ' ') pressBrush()
  else if (event.key === 'Escape' && keyBrush.value !== null) liftBrush(dropStroke)
  else if (event.key === '[') changeBrushSize(nextSize(brushSize(), -1))
  else if (event.key === ']') changeBrushSize(nextSize(brushSize(), 1))
  else if (chosen !== undefined) tool.value = chosen
  else return
  event.preventDefault()
}

/** Ends the stroke when the board loses the focus. */
export function leaveKeys(): void {
  if (keyBrush.value?.down) liftBrush(endStroke)
  keyBrush.value = null
}

function moveBrush([dx, dy]: [number, number], factor: number): void {
  const { width, height } = picture.value
  const at = keyBrush.value ?? { x: width / 2, y: height / 2, down: false }
  const step = Math.max(2, width / 64) * factor
  const x = Math.min(width, Math.max(0, at.x + dx * step))
  const y = Math.min(height, Math.max(0, at.y + dy * step))
  keyBrush.value = { ...at, x, y }
  if (at.down) extendStroke(keys, [[x, y, 0.5]])
}

function pressBrush(): void {
  const at = keyBrush.value ?? { x: picture.value.width / 2, y: picture.value.height / 2, down: false }
  keyBrush.value = at
  if (tool.value === 'fill') fillAt(Math.floor(at.x), Math.floor(at.y))
  else if (tool.value === 'eyedropper') pickColour(Math.floor(at.x), Math.floor(at.y))
  else if (at.down) liftBrush(endStroke)
  else {
    keyBrush.value = { ...at, down: true }
    beginStroke(keys, tool.value, false, [at.x, at.y, 0.5])
  }
}

function liftBrush(end: (pointer: number) => void): void {
  end(keys)
  if (keyBrush.value) keyBrush.value = { ...keyBrush.value, down: false }
}
