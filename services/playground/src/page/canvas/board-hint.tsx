import type { JSX } from 'preact'
import { blank, mode, revision } from '../state/board.ts'
import { change, settings } from '../state/settings.ts'
import { drawExample } from './example.ts'
import { keyBrush } from './key-input.ts'
import { wetStrokes } from './paint.ts'

const examplePrompt = 'a photo of a red strawberry on a white background'

/** What an empty canvas is for. */
export function BoardHint(): JSX.Element | null {
  // Strokes under way are no signal, but every change of them counts here.
  revision.value
  if (!blank.value || wetStrokes.size > 0 || keyBrush.value !== null) return null
  if (mode.value === 'inpaint')
    return (
      <p class="board-hint">
        <strong>Open a picture, then paint over what should change</strong>
        or inpaint one of your results
      </p>
    )
  return (
    <div class="board-hint">
      <p>
        <strong>Draw something crude here</strong>
        or drop, paste or open a picture
      </p>
      <button
        type="button"
        class="button small"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={({ currentTarget }) => start(currentTarget.closest<HTMLElement>('.board'))}
      >
        Start with an example
      </button>
    </div>
  )
}

/** The button goes, and the focus that it had goes to the board, to be drawn on. */
function start(board: HTMLElement | null): void {
  drawExample()
  if (settings.value.prompt === '') change({ prompt: examplePrompt })
  board?.focus({ preventScroll: true })
}
