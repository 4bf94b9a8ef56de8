import { smallestRequest } from '@pentimento/pipeline'
import type { Engine } from '../engine/engine.ts'
import type { ServedModel } from '../models/find-models.ts'

/**
 * Loads a model and runs one small step through all of it, so that the first job finds kernels compiled and memory
 * reserved.
 */
export async function warmUp(engine: Engine, model: ServedModel, timeoutMs: number): Promise<{ loadMs: number }> {
  const { loadMs } = await engine.generate(model.ref, smallestRequest(model.entry.sizes.min), { timeoutMs })
  return { loadMs }
}
