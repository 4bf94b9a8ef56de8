import type { GenerateRequest } from './request.ts'

/** Settings in which nothing is special, for callers that care about few of them: warming up, measuring, tests. */
export const plainSettings: Omit<GenerateRequest, 'image' | 'mask' | 'prompt' | 'width' | 'height' | 'steps'> = {
  kind: 'img2img',
  negativePrompt: '',
  resizeMode: 'stretch',
  strength: 0.75,
  stepPolicy: 'proportional',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  guidanceScale: 7,
  guidanceRescale: 0,
  clipSkip: 1,
  seed: 1,
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
  maskPadding: 32,
  composite: true,
  soft: false,
}

/** One step on a grey square of `side` pixels: runs through all of a model in as little time as there is. */
export function smallestRequest(side: number): GenerateRequest {
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
