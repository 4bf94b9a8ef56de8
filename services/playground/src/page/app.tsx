import type { JSX } from 'preact'
import { Board } from './canvas/board.tsx'
import { MaskControls } from './canvas/mask-controls.tsx'
import { PaintControls } from './canvas/paint-controls.tsx'
import { Toolbar } from './canvas/toolbar.tsx'
import { connect } from './chrome/connection.ts'
import { GeneralError } from './chrome/general-error.tsx'
import { Header } from './chrome/header.tsx'
import { KeyDialog } from './chrome/key-dialog.tsx'
import { KeysDialog } from './chrome/keys-dialog.tsx'
import { NoticeBar } from './chrome/notice-bar.tsx'
import { openLinked } from './runs/job-link.ts'
import { RunList } from './runs/run-list.tsx'
import { retryRuns } from './runs/start-run.ts'
import { Viewer } from './runs/viewer.tsx'
import { PromptBox } from './settings/prompt-box.tsx'
import { SettingsPanel } from './settings/settings-panel.tsx'
import { mode } from './state/board.ts'

/** What waited for a key. */
async function withKey(): Promise<void> {
  await connect()
  retryRuns()
  openLinked()
}

export function App(): JSX.Element {
  return (
    <>
      <Header />
      <NoticeBar />
      <main class="columns">
        <section class="easel" aria-label="Picture">
          {mode.value !== 'text' && (
            <>
              <Toolbar />
              <Board />
            </>
          )}
          <GeneralError />
          {mode.value === 'sketch' && <PaintControls />}
          {mode.value === 'inpaint' && <MaskControls />}
          <PromptBox />
        </section>
        <SettingsPanel />
        <RunList />
      </main>
      <Viewer />
      <KeysDialog />
      <KeyDialog onKey={withKey} />
    </>
  )
}
