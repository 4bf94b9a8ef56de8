export { PipelineError } from './errors.ts'
export type { ModelDescription } from './folder/description.ts'
export { generate } from './generate.ts'
export { describeModel, type LoadOptions, loadModel, type Model } from './load-model.ts'
export { chooseDevice, type Device } from './ort/choose-device.ts'
export { plainMaskSettings, plainSettings, smallestRequest } from './plain-settings.ts'
export type {
  GeneratedImage,
  GenerateHooks,
  GenerateRequest,
  GenerateResult,
  GrayImage,
  Img2imgRequest,
  Progress,
  RgbImage,
} from './request.ts'
