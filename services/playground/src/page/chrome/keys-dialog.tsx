import { signal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'

export const keysOpen = signal(false)

const keys: readonly [what: string, ...keys: string[]][] = [
  ['Generate', 'Ctrl', 'Enter'],
  ['Undo', 'Ctrl', 'Z'],
  ['Redo', 'Ctrl', 'Shift', 'Z'],
  ['Brush', 'B'],
  ['Eraser', 'E'],
  ['Fill', 'F'],
  ['Eyedropper', 'I'],
  ['Smaller brush', '['],
  ['Larger brush', ']'],
  ['Move the brush on the focused canvas', 'Arrows'],
  ['Set the brush down, lift it', 'Space'],
  ['Let the stroke go', 'Esc'],
  ['Pick a colour', 'Alt', 'Click'],
  ['These keys', '?'],
]

/** What can be done with keys. */
export function KeysDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = () => {
    keysOpen.value = false
  }
  useSignalEffect(() => {
    if (keysOpen.value && !dialog.current?.open) dialog.current?.showModal()
    else if (!keysOpen.value) dialog.current?.close()
  })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it, as Escape does.
    <dialog
      ref={dialog}
      class="keys-dialog"
      aria-labelledby="keys-title"
      onCancel={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <h2 id="keys-title">Keys</h2>
      <dl>
        {keys.map(([what, ...pressed]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div class="row end">
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </dialog>
  )
}
