import { serveDevice } from './device-thread.ts'
import { openOrtGraph } from './ort-graph.ts'

// What the device's thread runs. Started by thread-host.ts.
serveDevice(openOrtGraph)
