export { PipelineError, type PipelineErrorCode } from './errors.ts'
export type { ExporterEra, ModelDescription, ModelFamily, PartName } from './models/description.ts'
export { type SamplerName, type ScheduleName, samplerNames, scheduleNames } from './names.ts'
export type {
  GeneratedImage,
  GenerateHooks,
  GenerateRequest,
  GenerateResult,
  GrayImage,
  MaskedContent,
  Progress,
  ResizeMode,
  RgbImage,
  Semantics,
  StepPolicy,
  Warning,
} from './request.ts'
export { planSteps, stepsRun } from './steps.ts'
