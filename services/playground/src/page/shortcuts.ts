import { keysOpen } from './chrome/keys-dialog.tsx'
import { startRun } from './runs/start-run.ts'
import { redoChange, undoChange } from './state/board.ts'

/**
 * Ctrl+Enter runs; Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) belong to the picture, and `?` shows the keys, but where they
 * belong to a text.
 */
export function takeShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return
    const inText = event.target instanceof Element && event.target.closest('textarea, input:not([type=range])')
    if (event.key === '?' && !inText) keysOpen.value = true
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const pressed = event.key.toLowerCase()
    if (pressed === 'enter') void startRun()
    else if (inText) return
    else if (pressed === 'z') event.shiftKey ? redoChange() : undoChange()
    else if (pressed === 'y') redoChange()
    else return
    event.preventDefault()
  })
}
