type PipelineErrorCode =
  /** The request asks for something that this model or these semantics cannot do. The message says what to change. */
  | 'not_supported'
  /** The folder cannot be run as a model. The message says why. */
  | 'model_unusable'
  /** `diffusers` semantics: int(steps · strength) is 0. */
  | 'too_few_steps'
  /** The mask repaints nothing. */
  | 'empty_mask'
  /** The execution provider failed. */
  | 'device_error'
  | 'out_of_memory'
  /** The model answered NaN, infinite or all-black values. */
  | 'bad_output'
  /** The caller's signal was aborted. */
  | 'canceled'

/** Everything that the pipeline throws on purpose. Messages are fit for the public: they name no path. */
export class PipelineError extends Error {
  readonly code: PipelineErrorCode

  constructor(code: PipelineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PipelineError'
    this.code = code
  }
}
