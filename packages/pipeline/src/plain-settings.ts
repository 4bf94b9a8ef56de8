import { camelCased, maskFields, pictureFields, settingsOf, usualValues } from '@pentimento/vocabulary'
import type { Img2imgRequest, MaskSettings } from './request.ts'

const { steps: _, ...usual } = usualValues(pictureFields)

/** Settings in which nothing is special, for callers that care about few of them: warming up, measuring, tests. */
export const plainSettings: Omit<Img2imgRequest, 'image' | 'prompt' | 'width' | 'height' | 'steps'> = {
  kind: 'img2img',
  ...camelCased({ ...usual, seed: 1, variation_seed: null }),
  inpaint: null,
}

/** The same for inpainting, without a blur. */
export const plainMaskSettings: MaskSettings = settingsOf(maskFields, { ...usualValues(maskFields), mask_blur: 0 })

/** One step on a grey square of `side` pixels: runs through all of a model in as little time as there is. */
export function smallestRequest(side: number): Img2imgRequest {
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
