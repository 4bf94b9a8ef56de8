import type { FamilyName } from '@pentimento/vocabulary'
import type { SchedulerConfig } from '../schedules/scheduler-config.ts'
import type { PartName } from './description.ts'
import { type JsonObject, stringAt } from './read-json.ts'
import type { UnetSignature } from './signature.ts'
import { unusable } from './unusable.ts'

/**
 * The family of a folder, which says so nowhere: by what its UNet takes, and which text encoders there are.
 *
 * @param parts that the folder has
 * @param textConfig content of text_encoder/config.json
 * @throws model_unusable if it lacks a text encoder
 */
export function detectFamily(
  parts: Partial<Record<PartName, unknown>>,
  unet: UnetSignature,
  scheduler: SchedulerConfig,
  textConfig: JsonObject | null,
): FamilyName {
  if (unet.timeIds || unet.pooled) {
    if (!parts.text_encoder_2) throw unusable('The UNet is of the XL kind, but there is no text_encoder_2/model.onnx.')
    return parts.text_encoder ? 'sdxl' : 'sdxl-refiner'
  }
  if (!parts.text_encoder) throw unusable('The folder has no text_encoder/model.onnx.')
  if (unet.contextSize === 1024 || scheduler.prediction === 'v') return 'sd2'
  return unet.contextSize !== 768 && stringAt(textConfig, 'hidden_act') === 'gelu' ? 'sd2' : 'sd1'
}
