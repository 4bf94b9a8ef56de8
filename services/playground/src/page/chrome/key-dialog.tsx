import { batch, signal, useSignal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { key, keyWanted } from '../api/key.ts'

export const keyDialogOpen = signal(false)

/**
 * Asks for the API key. It opens by itself when the service asks for one. (A dialog's `close` event comes late, when it
 * may be wanted again: what closes it is told by `cancel` and the buttons.)
 *
 * @param onKey what is tried again with another key
 */
export function KeyDialog({ onKey }: { onKey: () => Promise<void> }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const typed = useSignal(key.value)

  useSignalEffect(() => {
    const open = keyDialogOpen.value || keyWanted.value
    if (open && !dialog.current?.open) dialog.current?.showModal()
    else if (!open) dialog.current?.close()
  })

  const close = () => {
    batch(() => {
      keyDialogOpen.value = false
      keyWanted.value = false
    })
  }
  return (
    <dialog ref={dialog} class="key-dialog" aria-labelledby="key-title" onCancel={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          key.value = typed.value.trim()
          close()
          void onKey()
        }}
      >
        <h2 id="key-title">API key</h2>
        {keyWanted.value && (
          <p class="field-error" role="alert">
            {key.value === '' ? 'This service asks for a key.' : 'The service does not know this key.'}
          </p>
        )}
        <label for="api-key">Key</label>
        <input
          id="api-key"
          type="password"
          autocomplete="off"
          placeholder="pmt_…"
          value={typed.value}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value
          }}
        />
        <p class="hint">Kept in this tab until it is closed, and sent to this service alone.</p>
        <div class="row end">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Use this key
          </button>
        </div>
      </form>
    </dialog>
  )
}
