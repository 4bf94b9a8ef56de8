import { type Device, generate, loadModel, type Model } from '@pentimento/pipeline'
import { connectEngine } from './connect-engine.ts'
import { previewLatents } from './preview.ts'

// The engine: the pipeline behind the worker's channel. Started by the worker, never by hand.

let options: { device: 'auto' | Device; threads?: number } = { device: 'auto' }

connectEngine<Model>({
  async open({ device, threads }) {
    options = { device: device as 'auto' | Device, ...(threads !== undefined && { threads }) }
    return device === 'auto' ? { device: 'cpu', reason: 'DEVICE is auto' } : { device, reason: `DEVICE is ${device}` }
  },
  load: ({ dir }) => loadModel(dir, options),
  release: (model) => model.dispose(),
  generate,
  preview: ({ description }, denoised, shape) => previewLatents(description.previews, denoised, shape),
})
