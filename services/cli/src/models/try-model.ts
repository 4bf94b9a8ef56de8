import {
  chooseDevice,
  type Device,
  generate,
  loadModel,
  type ModelDescription,
  smallestRequest,
} from '@pentimento/pipeline'
import { showBytes } from '../progress-bar.ts'
import { memoryNeed } from './report.ts'

/**
 * Loads a model and paints one step of the smallest picture with it: what neither files nor graphs tell shows then. A
 * model that needs more memory than the machine has free is not tried, since the system would end whatever process it
 * likes.
 *
 * @returns how that went, in words
 * @throws PipelineError with the reason why the model cannot run
 */
export async function tryModel(
  dir: string,
  description: ModelDescription,
  options: { device: 'auto' | Device; threads: number | null; freeBytes?: number },
): Promise<string> {
  const { device, reason } = await chooseDevice(options.device)
  const need = memoryNeed(description)
  const free = options.freeBytes ?? process.availableMemory()
  if (need > free) return `not tried here: ${showBytes(free)} of memory are free`
  const started = performance.now()
  const model = await loadModel(dir, { device, ...(options.threads === null ? {} : { threads: options.threads }) })
  const loaded = performance.now()
  try {
    const side = description.sizes.min
    const { warnings } = await generate(model, smallestRequest(side))
    const took = `loaded in ${seconds(loaded - started)}, one step at ${side} × ${side} in ${seconds(performance.now() - loaded)}`
    // The trial has no mask, whatever the model is for.
    const told = warnings.filter(({ code }) => code !== 'inpaint_model_without_mask').map(({ message }) => message)
    return [`runs on ${device} (${reason}): ${took}`, ...told].join('\n')
  } finally {
    await model.dispose()
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
