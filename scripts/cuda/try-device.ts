// Paints a small picture on a device, in a process that may die of it: node try-device.ts auto|cpu|cuda|webgpu. Prints
// one line of JSON. A device that only adds is not enough: cuDNN and cuBLAS are loaded when something needs them.
import { fileURLToPath } from 'node:url'
import { chooseDevice, type Device, generate, loadModel, plainSettings } from '../../packages/pipeline/src/index.ts'

const SIDE = 64
const [wanted = 'auto'] = process.argv.slice(2)
try {
  const choice = await chooseDevice(wanted as 'auto' | Device)
  const model = await loadModel(fileURLToPath(new URL('../../models/still-life', import.meta.url)), choice)
  const image = { width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE * 3).fill(128) }
  await generate(model, { ...plainSettings, image, prompt: 'a red apple', width: SIDE, height: SIDE, steps: 1 })
  await model.dispose()
  console.log(JSON.stringify(choice))
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
  process.exitCode = 1
}
