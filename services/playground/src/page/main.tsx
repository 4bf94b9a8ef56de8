import { render } from 'preact'
import { App } from './app.tsx'
import { keepCanvasInShape } from './canvas/new-canvas.ts'
import { takeUndoKeys } from './canvas/undo-keys.ts'
import { connect } from './chrome/connection.ts'
import { loadRuns } from './runs/run-store.ts'
import { resumeRuns } from './runs/start-run.ts'
import './chrome/theme.ts'

render(<App />, document.body)
keepCanvasInShape()
takeUndoKeys()
void connect()
void loadRuns().then(resumeRuns)
