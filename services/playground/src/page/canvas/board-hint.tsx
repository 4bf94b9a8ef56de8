import type { JSX } from 'preact'
import { canUndo, picture, revision } from './board-state.ts'
import { keyBrush } from './key-input.ts'
import { wetStrokes } from './paint.ts'

/** What an untouched canvas is for. */
export function BoardHint(): JSX.Element | null {
  // Strokes under way are no signal, but every change of them counts here.
  revision.value
  if (picture.value.source !== null || canUndo.value || wetStrokes.size > 0 || keyBrush.value !== null) return null
  return (
    <div class="board-hint" aria-hidden="true">
      <p>
        <strong>Draw something crude here</strong>
        or drop, paste or open a picture
      </p>
    </div>
  )
}
