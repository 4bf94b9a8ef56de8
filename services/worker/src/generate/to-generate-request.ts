import type { JobRequest } from '@pentimento/contracts'
import type { GenerateRequest, GrayImage, RgbImage } from '@pentimento/pipeline'
import { maskFields, pictureFields, settingsOf } from '@pentimento/vocabulary'

export interface Inputs {
  image: RgbImage
  /** 255 is repainted. */
  mask: GrayImage | null
}

/**
 * What the pipeline runs for an accepted job: its parameters under the names of code, with the pictures.
 *
 * @throws TypeError when a job of inpainting comes without a mask, which whoever reads the inputs has refused
 */
export function toGenerateRequest(request: JobRequest, { image, mask }: Inputs): GenerateRequest {
  const settings = settingsOf(pictureFields, request.parameters)
  if (request.kind === 'img2img') return { kind: request.kind, image, ...settings, inpaint: null }
  if (!mask) throw new TypeError('a job of inpainting needs a mask')
  return { kind: request.kind, image, ...settings, inpaint: { mask, ...settingsOf(maskFields, request.parameters) } }
}
