import { serveDevice } from '../../packages/pipeline/src/ort/device-thread.ts'
import { openFakeGraph } from './fake-graph.ts'

// What the device's thread of fake-engine.ts runs.
serveDevice(openFakeGraph)
