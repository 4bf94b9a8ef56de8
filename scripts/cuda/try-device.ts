// Tries a device, as the worker does, in a process that may die of it: node try-device.ts auto|cpu|cuda|webgpu. Prints one line of JSON.
import { chooseDevice, type Device } from '../../packages/pipeline/src/index.ts'

const [wanted = 'auto'] = process.argv.slice(2)
try {
  console.log(JSON.stringify(await chooseDevice(wanted as 'auto' | Device)))
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
  process.exitCode = 1
}
