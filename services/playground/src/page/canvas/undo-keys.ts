import { redoChange, undoChange } from './board-state.ts'

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) anywhere but where they belong to a text. */
export function takeUndoKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    if (event.target instanceof Element && event.target.closest('textarea, input:not([type=range])')) return
    const pressed = event.key.toLowerCase()
    if (pressed === 'z') event.shiftKey ? redoChange() : undoChange()
    else if (pressed === 'y') redoChange()
    else return
    event.preventDefault()
  })
}
