import { chooseDevice, type Device, generate, type LoadOptions, loadModel, type Model } from '@pentimento/pipeline'
import { connectEngine } from './connect-engine.ts'
import { previewLatents } from './preview.ts'

// The engine: the pipeline behind the worker's channel. Started by the worker, never by hand.

let options: LoadOptions = { device: 'cpu' }

connectEngine<Model>({
  async open({ device, threads, loadMode }) {
    const choice = await chooseDevice(device as 'auto' | Device)
    options = { device: choice.device, loadMode, ...(threads !== undefined && { threads }) }
    return choice
  },
  load: ({ dir }) => loadModel(dir, options),
  release: (model) => model.dispose(),
  isCurrent: (model) => model.isCurrent(),
  generate,
  preview: ({ description }, denoised, shape) => previewLatents(description.previews, denoised, shape),
})
