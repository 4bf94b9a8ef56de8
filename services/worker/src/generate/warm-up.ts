import type { GenerateRequest } from '@pentimento/pipeline'
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
    kind: 'img2img',
    image: { width: side, height: side, data: new Uint8Array(side * side * 3).fill(128) },
    prompt: '',
    negativePrompt: '',
    width: side,
    height: side,
    resizeMode: 'stretch',
    strength: 0.5,
    steps: 1,
    stepPolicy: 'proportional',
    sampler: 'euler',
    schedule: 'automatic',
    guidanceScale: 7,
    guidanceRescale: 0,
    clipSkip: 1,
    seed: 0,
    numImages: 1,
    variationSeed: 0,
    variationStrength: 0,
    rng: 'cpu',
    semantics: 'a1111',
    colorCorrection: false,
    maskGrow: 0,
    maskBlur: 0,
    maskedContent: 'original',
    inpaintArea: 'whole',
    maskPadding: 0,
    composite: false,
    soft: false,
  }
}
