export { PipelineError } from './errors.ts'
export type { ChosenControl } from './folder/chosen-control.ts'
export type { ChosenLora } from './folder/chosen-lora.ts'
export type { ChosenReference } from './folder/chosen-reference.ts'
export type { ModelDescription } from './folder/description.ts'
export { IncompleteModel } from './folder/incomplete-model.ts'
export { generate } from './generate.ts'
export { describeModel, type LoadOptions, loadModel, type Model } from './load-model.ts'
export { chooseDevice, type Device, factsBy } from './ort/choose-device.ts'
export type { DeviceFigures } from './ort/device-figures.ts'
export { localRuntime, type Runtime } from './ort/runtime.ts'
export { threadRuntime } from './ort/thread-host.ts'
export { plainMaskSettings, plainSettings, smallestRequest } from './plain-settings.ts'
export type {
  ChosenEmbedding,
  ControlUse,
  Enlarging,
  GeneratedImage,
  GenerateHooks,
  GenerateRequest,
  GenerateResult,
  GrayImage,
  Img2imgRequest,
  Progress,
  ReferencePicture,
  RgbImage,
  Safety,
} from './request.ts'
export { type SafetyCheckers, safetyCheckers } from './safety/open-safety-checker.ts'
export { warmShapes } from './warm-shapes.ts'
