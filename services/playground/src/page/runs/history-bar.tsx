import { Download } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import type { Run } from '../state/run.ts'
import { search } from '../state/runs.ts'
import { historyFile } from './export-history.ts'
import { saveBlob } from './reuse.ts'

/** Finds runs again, and takes along those that are shown. */
export function HistoryBar({ shown }: { shown: readonly Run[] }): JSX.Element {
  return (
    <search class="history-bar">
      <input
        type="search"
        placeholder="Search prompts, seeds, models, days"
        aria-label="Search results"
        value={search.value}
        onInput={({ currentTarget }) => {
          search.value = currentTarget.value
        }}
      />
      <IconButton
        icon={Download}
        label={search.value === '' ? 'Export all' : 'Export what was found'}
        onClick={async () => saveBlob(await historyFile(shown.map(({ stored }) => stored)), 'pentimento-history.json')}
      />
    </search>
  )
}
