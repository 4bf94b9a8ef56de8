import { render } from 'preact'
import { App } from './app.tsx'
import { keepPicture } from './canvas/keep-picture.ts'
import { keepCanvasInShape } from './canvas/new-canvas.ts'
import { connect } from './chrome/connection.ts'
import { loadRuns } from './runs/run-store.ts'
import { resumeRuns } from './runs/start-run.ts'
import { keepSettings } from './settings/keep-settings.ts'
import { takeShortcuts } from './shortcuts.ts'
import './chrome/theme.ts'

keepSettings()
render(<App />, document.body)
takeShortcuts()
void connect()
void loadRuns().then(resumeRuns)
// The canvas follows the settings only after what was on it before has come back.
await keepPicture()
keepCanvasInShape()
