import * as ort from 'onnxruntime-node'
import { PipelineError } from '../errors.ts'
import type { TensorInfo } from '../onnx/tensor-info.ts'
import { fromHalf, halfTensor } from './half.ts'

/** What goes into a session and comes out: numbers as float32, whatever the model's own type; `dims` row-major. */
export interface Floats {
  data: Float32Array
  dims: readonly number[]
}

/** A loaded graph. `run` blocks the thread while it computes; one run at a time per session is enough for its callers. */
export interface Session {
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
  /** Converts each input to the type that the graph declares (int64 and int32 are rounded) and outputs to float32. */
  run(feeds: Record<string, Floats>, fetches: readonly string[]): Promise<Record<string, Floats>>
  release(): Promise<void>
}

export interface SessionOptions {
  executionProviders: readonly string[]
  threads?: number
}

/** @throws whatever onnxruntime says, unchanged: the caller knows which part of which model it was. */
export async function openSession(path: string, options: SessionOptions): Promise<Session> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: [...options.executionProviders],
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    logSeverityLevel: 3,
  })
  const inputs = session.inputMetadata.map(toTensorInfo)
  const outputs = session.outputMetadata.map(toTensorInfo)
  const types = new Map(inputs.map((input) => [input.name, input.type]))
  return {
    inputs,
    outputs,
    release: () => session.release(),
    async run(feeds, fetches) {
      const tensors: Record<string, ort.Tensor> = {}
      for (const [name, floats] of Object.entries(feeds)) tensors[name] = toTensor(types.get(name), floats)
      let results: ort.InferenceSession.OnnxValueMapType
      try {
        results = await session.run(tensors, [...fetches])
      } catch (error) {
        throw deviceError(error)
      }
      const answer: Record<string, Floats> = {}
      for (const name of fetches) answer[name] = toFloats(results[name] as ort.Tensor)
      return answer
    },
  }
}

function toTensorInfo(metadata: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: 'undefined', shape: [] }
  return { name: metadata.name, type: metadata.type, shape: [...metadata.shape] }
}

function toTensor(type: string | undefined, { data, dims }: Floats): ort.Tensor {
  switch (type) {
    case 'float32':
      return new ort.Tensor('float32', data, dims)
    case 'float16':
      return halfTensor(data, dims) as ort.Tensor
    case 'int64':
      return new ort.Tensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        dims,
      )
    case 'int32':
      return new ort.Tensor('int32', Int32Array.from(data, Math.round), dims)
    case 'float64':
      return new ort.Tensor('float64', Float64Array.from(data), dims)
    default:
      throw new PipelineError('model_unusable', `The model takes an input of type ${type ?? 'unknown'}.`)
  }
}

function toFloats(tensor: ort.Tensor): Floats {
  const { data, dims, type } = tensor
  if (type === 'float16') return { data: fromHalf(data), dims }
  if (data instanceof Float32Array) return { data, dims }
  if (data instanceof Float64Array) return { data: Float32Array.from(data), dims }
  throw new PipelineError('model_unusable', `The model gives an output of type ${type}.`)
}

/** onnxruntime reports every failure as a plain Error whose text is all there is to go by. */
function deviceError(error: unknown): PipelineError {
  const text = error instanceof Error ? error.message : String(error)
  if (/out of memory|bad_alloc|failed to allocate|OOM/i.test(text)) {
    return new PipelineError(
      'out_of_memory',
      'The device has too little memory for this size. Take a smaller picture or fewer images.',
      { cause: error },
    )
  }
  return new PipelineError('device_error', 'The device failed while it ran the model.', { cause: error })
}
