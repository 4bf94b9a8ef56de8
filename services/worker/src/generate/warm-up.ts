import { type GenerateRequest, plainSettings } from '@pentimento/pipeline'
import type { Engine } from '../engine/engine.ts'
import type { ServedModel } from '../models/find-models.ts'

/** Loads a model and runs one small step through all of it, so that the first job finds kernels compiled and memory reserved. */
export async function warmUp(engine: Engine, model: ServedModel, timeoutMs: number): Promise<{ loadMs: number }> {
  const { loadMs } = await engine.generate(model.ref, smallestRequest(model), { timeoutMs })
  return { loadMs }
}

function smallestRequest({ entry }: ServedModel): GenerateRequest {
  const side = entry.sizes.min
  return {
    ...plainSettings,
    image: { width: side, height: side, data: new Uint8Array(side * side * 3).fill(128) },
    prompt: '',
    width: side,
    height: side,
    steps: 1,
    sampler: 'euler',
  }
}
