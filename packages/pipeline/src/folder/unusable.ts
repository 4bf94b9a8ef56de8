import { PipelineError } from '../errors.ts'
import type { TensorInfo } from '../onnx/tensor-info.ts'

/** What is thrown of a folder that cannot be run as a model. */
export function unusable(message: string): PipelineError {
  return new PipelineError('model_unusable', message)
}

/** What is thrown of an export that runs at no other batch or size. */
export function fixedShape(name: string, { shape }: Pick<TensorInfo, 'shape'>): PipelineError {
  return unusable(
    `The ${name} was exported for one fixed shape (${shape.join('×')}). Export it with dynamic batch and size.`,
  )
}
