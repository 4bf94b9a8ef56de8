import { generate, plainSettings } from '@pentimento/pipeline'
import { loadModel } from '../../packages/pipeline/src/load-model.ts'
import { localRuntime } from '../../packages/pipeline/src/ort/runtime.ts'
import { quantile } from '../quantile.ts'
import { openFakeGraph } from './fake-graph.ts'
import { plain } from './settings.ts'

/**
 * Milliseconds of the plain picture where nothing is batched: one thread, in which the device computes and everything
 * else is done in turns.
 */
export async function measureLone(path: string): Promise<number> {
  const runtime = localRuntime({ maxRows: 2, slowdown: 1 }, openFakeGraph)
  const model = await loadModel(path, { device: 'cuda', runtime })
  const times: number[] = []
  for (let i = 0; i < 6; i++) {
    const { timings } = await generate(model, {
      ...plainSettings,
      kind: 'img2img',
      inpaint: null,
      image: { width: 8, height: 8, data: new Uint8Array(192).fill(128) },
      ...plain,
    })
    times.push(timings.encodeMs + timings.denoiseMs + timings.decodeMs)
  }
  return quantile(times.slice(1), 0.5)
}
