import { diffusersRows } from './diffusers-rows.ts'
import { imageRows } from './image-rows.ts'
import { loraRows } from './lora-rows.ts'
import { pipelineRows } from './pipeline-rows.ts'
import { rngRows } from './rng-rows.ts'
import type { ParityRow } from './row.ts'
import { safetyRows } from './safety-rows.ts'
import { samplerRows } from './sampler-rows.ts'
import { scheduleRows } from './schedule-rows.ts'
import { tokenRows } from './token-rows.ts'
import { upscalerRows } from './upscaler-rows.ts'

/** Every comparison with a reference, in the order of docs/parity.md. */
export function parityRows(): ParityRow[] {
  return [
    ...samplerRows(),
    ...diffusersRows(),
    ...scheduleRows(),
    ...rngRows(),
    ...imageRows(),
    ...tokenRows(),
    ...loraRows(),
    ...upscalerRows(),
    ...safetyRows(),
    ...pipelineRows(),
  ]
}
