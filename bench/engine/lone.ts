import { generate, plainSettings } from '@pentimento/pipeline'
import { loadModel } from '../../packages/pipeline/src/load-model.ts'
import { localRuntime } from '../../packages/pipeline/src/ort/runtime.ts'
import { openFakeGraph } from './fake-graph.ts'
import { plain } from './settings.ts'

/**
 * Paints the plain picture where nothing is batched: in one thread, in which the device computes and everything else is
 * done in turns. Each call answers the milliseconds of one.
 */
export async function openLone(path: string): Promise<() => Promise<number>> {
  const runtime = localRuntime({ maxRows: 2, slowdown: 1 }, openFakeGraph)
  const model = await loadModel(path, { device: 'cuda', runtime })
  return async () => {
    const { timings } = await generate(model, {
      ...plainSettings,
      kind: 'img2img',
      inpaint: null,
      image: { width: 8, height: 8, data: new Uint8Array(192).fill(128) },
      ...plain,
    })
    return timings.encodeMs + timings.denoiseMs + timings.decodeMs
  }
}
