import type { WeightOptions } from '@pentimento/checkpoints'
import * as ort from 'onnxruntime-node'
import { PipelineError } from '../errors.ts'
import type { TensorInfo } from '../onnx/tensor-info.ts'
import { deviceError } from './device-error.ts'
import { fromHalf, type HalfTensor, halfTensors } from './half.ts'

/** What goes into a session and comes out: numbers as float32, whatever the model's own type; `dims` row-major. */
export interface Floats {
  data: Float32Array
  dims: readonly number[]
}

/** A loaded graph. `run` blocks the thread while it computes; one run at a time per session is enough for its callers. */
export interface Session {
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
  /**
   * Converts each input to the type that the graph declares (int64 and int32 are rounded) and outputs to float32.
   *
   * @throws PipelineError `out_of_memory`, `device_error`, or `model_unusable` for types that are not understood
   */
  run(feeds: Record<string, Floats>, fetches: readonly string[]): Promise<Record<string, Floats>>
  release(): Promise<void>
}

export interface SessionOptions {
  executionProviders: readonly string[]
  threads?: number
  /** Whether the CPU provider keeps the memory of a run for the next one (true). */
  keepMemory?: boolean
  /** Of a model in memory whose weights lie in files. */
  weights?: WeightOptions
}

/**
 * @param model a file, or its bytes
 * @throws whatever onnxruntime says, unchanged: the caller knows which part of which model it was.
 */
export async function openSession(model: string | Uint8Array, options: SessionOptions): Promise<Session> {
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: [...options.executionProviders],
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    // A plan of the whole run's memory beside the arena's own: up to twice the peak, for no time (docs/performance.md).
    enableMemPattern: false,
    enableCpuMemArena: options.keepMemory ?? true,
    logSeverityLevel: 3,
    ...options.weights,
  }
  const session =
    typeof model === 'string'
      ? await ort.InferenceSession.create(model, settings)
      : await ort.InferenceSession.create(model, settings)
  const inputs = session.inputMetadata.map(toTensorInfo)
  const outputs = session.outputMetadata.map(toTensorInfo)
  const types = new Map(inputs.map((input) => [input.name, input.type]))
  const half = inputs.some(({ type }) => type === 'float16') ? await halfTensors() : null
  return {
    inputs,
    outputs,
    release: () => session.release(),
    async run(feeds, fetches) {
      const tensors: Record<string, ort.Tensor> = {}
      for (const [name, floats] of Object.entries(feeds)) tensors[name] = toTensor(types.get(name), floats, half)
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

function toTensor(type: string | undefined, { data, dims }: Floats, half: HalfTensor | null): ort.Tensor {
  if (type === 'float16' && half) return half(data, dims)
  switch (type) {
    case 'float32':
      return new ort.Tensor('float32', data, dims)
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
