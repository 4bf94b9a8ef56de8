import { controlsOf, type JobRequest } from '@pentimento/contracts'
import type { ChosenEmbedding, ControlUse, Enlarging, GenerateRequest, Safety } from '@pentimento/pipeline'
import { maskFields, pictureFields, settingsOf, textFields } from '@pentimento/vocabulary'
import { controlImageOf, type Input, maskOf, referenceOf, sourceOf } from './inputs.ts'

/** What is put beside a request, as this worker has it. */
interface Beside {
  embeddings?: readonly ChosenEmbedding[]
  enlarging?: Enlarging | null
  safety?: Safety | null
}

/**
 * What the pipeline runs for an accepted job: its parameters under the names of code, with the pictures if it has any.
 *
 * @throws TypeError when a job of inpainting comes without a mask, which whoever reads the inputs has refused
 */
export function toGenerateRequest(
  request: JobRequest,
  inputs: readonly Input[],
  { embeddings = [], enlarging = null, safety = null }: Beside = {},
): GenerateRequest {
  const controls = controlsOf(request.parameters).map(
    ({ field, model: _, ...use }): ControlUse => ({
      ...use,
      image: controlImageOf(inputs, `${field}_image`),
    }),
  )
  const reference = referenceOf(inputs)
  const scale = request.parameters.reference_scale ?? 0
  const beside = {
    ...(embeddings.length > 0 && { embeddings: [...embeddings] }),
    ...(controls.length > 0 && { controls }),
    ...(enlarging && { enlarging }),
    ...(safety && { safety }),
    ...(reference && scale > 0 && { reference: { image: reference, scale } }),
  }
  if (request.kind === 'txt2img') {
    const settings = settingsOf(textFields, request.parameters)
    return { kind: request.kind, image: null, ...settings, ...beside, inpaint: null }
  }
  const image = sourceOf(inputs)
  const settings = { ...settingsOf(pictureFields, request.parameters), ...beside }
  if (request.kind === 'img2img') return { kind: request.kind, image, ...settings, inpaint: null }
  const mask = maskOf(inputs)
  if (!mask) throw new TypeError('a job of inpainting needs a mask')
  return { kind: request.kind, image, ...settings, inpaint: { mask, ...settingsOf(maskFields, request.parameters) } }
}
