import { BroadcastChannel } from 'node:worker_threads'
import { serveDevice } from '../../packages/pipeline/src/ort/device-thread.ts'
import { openOrtGraph } from '../../packages/pipeline/src/ort/ort-graph.ts'

// The device's thread, which tells on a channel how many milliseconds it was within onnxruntime's runs.
let inside = 0
serveDevice(async (model, options) => {
  const graph = await openOrtGraph(model, options)
  return {
    ...graph,
    async run(...args) {
      const started = performance.now()
      try {
        return await graph.run(...args)
      } finally {
        inside += performance.now() - started
      }
    },
  }
})
const channel = new BroadcastChannel('time within runs')
channel.onmessage = () => channel.postMessage(inside)
