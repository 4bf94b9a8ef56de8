import { picture } from '../state/board.ts'
import { type Tool, tool } from '../state/tools.ts'
import { beginStroke, dropStroke, endStroke, extendStroke, fillAt, pickColour, wetStrokes } from './paint.ts'
import type { StrokePoint } from './stroke.ts'

/** Bit of `buttons` for the eraser end of a pen (Pointer Events, §4.1.3). */
const penEraser = 32

/** Draws with mouse, finger or pen on `surface`, which shows the picture over its whole area. Returns what stops it. */
export function takePointers(surface: HTMLElement, onMove: (event: PointerEvent | null) => void): () => void {
  const listeners = new AbortController()
  const listen = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
    surface.addEventListener(type, listener, { signal: listeners.signal })

  listen('pointerdown', (event) => {
    if (event.button !== 0 && !(event.buttons & penEraser)) return
    event.preventDefault()
    surface.focus({ preventScroll: true })
    const used = usedTool(event)
    const [x, y, pressure] = pointOf(event, surface)
    if (used === 'fill') return fillAt(Math.floor(x), Math.floor(y))
    if (used === 'eyedropper') return pickColour(Math.floor(x), Math.floor(y))
    surface.setPointerCapture(event.pointerId)
    beginStroke(event.pointerId, used, event.pointerType === 'pen', [x, y, pressure])
  })
  listen('pointermove', (event) => {
    onMove(event)
    if (!wetStrokes.has(event.pointerId)) return
    const events = event.getCoalescedEvents()
    extendStroke(
      event.pointerId,
      (events.length > 0 ? events : [event]).map((coalesced) => pointOf(coalesced, surface)),
    )
  })
  listen('pointerup', (event) => endStroke(event.pointerId))
  listen('pointercancel', (event) => dropStroke(event.pointerId))
  listen('pointerleave', () => onMove(null))
  return () => listeners.abort()
}

function usedTool(event: PointerEvent): Tool {
  if (event.buttons & penEraser) return 'eraser'
  return event.altKey ? 'eyedropper' : tool.value
}

function pointOf(event: PointerEvent, surface: HTMLElement): StrokePoint {
  const box = surface.getBoundingClientRect()
  const { width, height } = picture.value
  return [
    ((event.clientX - box.left) * width) / box.width,
    ((event.clientY - box.top) * height) / box.height,
    event.pointerType === 'pen' ? event.pressure : 0.5,
  ]
}
