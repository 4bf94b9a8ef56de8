import { KeyRound, Play, Rows3 } from 'lucide'
import type { JSX } from 'preact'
import { keyRefused } from '../api/key.ts'
import { Icon } from '../chrome/icon.tsx'
import { keyDialogOpen } from '../chrome/key-dialog.tsx'
import { canRun, lack, startSweep } from '../runs/start-run.ts'
import { mode } from '../state/board.ts'

/** The button that all is about, and what has to be there before it. */
export function RunButtons(): JSX.Element {
  const said = lack.value
  return (
    <div class="run-buttons">
      <p class="lack" role="alert">
        {said?.text}
      </p>
      {mode.value !== 'text' && (
        <button
          type="button"
          class="button"
          disabled={!canRun.value}
          title="Same seed, five strengths, one row"
          onClick={() => void startSweep()}
        >
          <Icon of={Rows3} />
          Sweep
        </button>
      )}
      {keyRefused.value ? (
        <button
          type="button"
          class="button primary"
          onClick={() => {
            keyDialogOpen.value = true
          }}
        >
          <Icon of={KeyRound} />
          Needs a key
        </button>
      ) : (
        <button
          type="submit"
          class="button primary"
          disabled={!canRun.value}
          aria-keyshortcuts="Control+Enter"
          title="Generate (Ctrl+Enter)"
        >
          <Icon of={Play} />
          {said?.mayRun ? 'Generate anyway' : 'Generate'}
        </button>
      )}
    </div>
  )
}
