import { connectEngine } from '../../services/worker/src/engine/connect-engine.ts'
import { pipelineBackend } from '../../services/worker/src/engine/pipeline-backend.ts'

// The real engine, but that its device is a clock. No configuration of a worker can name it; see
// ../load/bench-worker.ts.
connectEngine(pipelineBackend({ deviceMain: new URL('./fake-thread.ts', import.meta.url) }))
