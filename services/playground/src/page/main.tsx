import { render } from 'preact'
import { App } from './app.tsx'
import { keepGuides } from './canvas/keep-guides.ts'
import { keepPicture } from './canvas/keep-picture.ts'
import { keepCanvasInShape } from './canvas/new-canvas.ts'
import { connect } from './chrome/connection.ts'
import { followLinks } from './runs/job-link.ts'
import { loadRuns } from './runs/run-store.ts'
import { resumeRuns } from './runs/start-run.ts'
import { keepSettings } from './settings/keep-settings.ts'
import { takeShortcuts } from './shortcuts.ts'
import { mode } from './state/board.ts'
import { runOf } from './state/run.ts'
import { keepStrengths } from './state/strength.ts'
import './chrome/theme.ts'

keepSettings()
keepStrengths(mode, sessionStorage)
render(<App />, document.body)
takeShortcuts()
void connect()
void keepGuides()
void loadRuns().then((stored) => {
  resumeRuns(stored.map(runOf))
  followLinks()
})
// The canvas follows the settings only after what was on it before has come back.
await keepPicture()
keepCanvasInShape()
