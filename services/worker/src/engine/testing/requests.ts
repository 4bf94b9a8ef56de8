import type { GenerateRequest } from '@pentimento/pipeline'
import type { Script } from './scripted-engine.ts'

export const scriptedEngine = new URL('./scripted-engine.ts', import.meta.url)

/** A complete request of 16×16 pixels; the script, if any, travels as the prompt. */
export function requestFor(script: Script = {}, overrides: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    kind: 'img2img',
    image: { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(200) },
    prompt: JSON.stringify(script),
    negativePrompt: '',
    width: 16,
    height: 16,
    resizeMode: 'stretch',
    strength: 0.75,
    steps: 4,
    stepPolicy: 'proportional',
    sampler: 'dpmpp_2m',
    schedule: 'karras',
    guidanceScale: 7,
    guidanceRescale: 0,
    clipSkip: 1,
    seed: 42,
    numImages: 1,
    variationSeed: -1,
    variationStrength: 0,
    rng: 'cpu',
    semantics: 'a1111',
    colorCorrection: false,
    maskGrow: 0,
    maskBlur: 4,
    maskedContent: 'original',
    inpaintArea: 'whole',
    maskPadding: 32,
    composite: true,
    soft: false,
    ...overrides,
  }
}
