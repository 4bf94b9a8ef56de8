import { PipelineError } from '../errors.ts'
import type { GenerateRequest } from '../request.ts'

/**
 * What onnxruntime, its providers and V8 say when memory is short: the arena ("Failed to allocate memory for requested
 * buffer"), CUDA and cuBLAS ("CUDA failure 2: out of memory", "…_ALLOC_FAILED"), Vulkan ("VK_ERROR_OUT_OF_…_MEMORY"),
 * C++ ("bad_alloc") and typed arrays. WebGPU names a limit of the adapter, or tells of the buffer that it could not
 * make only when that is used or read: as invalid, or with status 3.
 */
const memoryWords =
  /out[ _]of[ _](device[ _]|host[ _])?memory|bad_alloc|failed to allocate|ALLOC_FAILED|exceeds the max buffer size|limits_\.maxStorageBuffer|\[Invalid Buffer|MapAsyncStatus value: 3|allocation failed/i

/** Whether an error says that memory ran out. onnxruntime's text is all there is to go by. */
export function isMemoryError(error: unknown): boolean {
  return memoryWords.test(error instanceof Error ? error.message : String(error))
}

/** The error of a run, told apart by its text. */
export function deviceError(error: unknown): PipelineError {
  if (isMemoryError(error)) {
    const bytes = /buffer (?:of )?size \(?(\d+)/i.exec(String(error))?.[1]
    const asked = bytes === undefined ? '' : ` A buffer of ${gigabytes(Number(bytes))} was asked for.`
    return new PipelineError('out_of_memory', `The device has too little memory.${asked}`, { cause: error })
  }
  return new PipelineError('device_error', 'The device failed while it ran the model.', { cause: error })
}

/** An error of a generation; one of memory with the size that was asked for and what to do. */
export function withRemedy(error: unknown, { width, height, numImages }: GenerateRequest): unknown {
  const isMemory =
    error instanceof PipelineError
      ? error.code === 'out_of_memory'
      : error instanceof RangeError && isMemoryError(error)
  if (!isMemory) return error
  const what = `${numImages === 1 ? 'A picture' : `${numImages} pictures at once`} of ${width}×${height} did not fit.`
  const remedy = `Take ${numImages === 1 ? '' : 'fewer images or '}a smaller width and height.`
  const message = error instanceof PipelineError ? error.message : 'There is too little memory.'
  return new PipelineError('out_of_memory', `${message} ${what} ${remedy}`, { cause: error })
}

export function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
