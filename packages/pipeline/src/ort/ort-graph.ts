import * as ort from 'onnxruntime-node'
import { PipelineError } from '../errors.ts'
import type { TensorInfo } from '../onnx/tensor-info.ts'
import { computeWeights, freeWeights } from './changed-weights.ts'
import { deviceError } from './device-error.ts'
import type { Graph, GraphOptions } from './graph.ts'
import { type HalfTensor, halfTensors, halvesOf } from './half.ts'
import type { Values } from './values.ts'

/** Loads a graph into onnxruntime, in this thread; `run` blocks it while it computes. */
export async function openOrtGraph(model: string | Uint8Array, options: GraphOptions): Promise<Graph> {
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: [...options.executionProviders],
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    // A plan of the whole run's memory beside the arena's own: up to twice the peak, for no time (docs/performance.md).
    enableMemPattern: false,
    enableCpuMemArena: options.keepMemory ?? true,
    logSeverityLevel: 3,
    ...options.weights,
  }
  const changed = await computeWeights(options.changed ?? [])
  const session =
    typeof model === 'string'
      ? await ort.InferenceSession.create(model, settings)
      : await ort.InferenceSession.create(model, settings)
  const inputs = session.inputMetadata.map(toTensorInfo).filter(({ name }) => !(name in changed))
  const half = inputs.some(({ type }) => type === 'float16') ? await halfTensors() : null
  return {
    inputs,
    outputs: session.outputMetadata.map(toTensorInfo),
    async release() {
      await session.release()
      freeWeights(changed)
    },
    async run(feeds, fetches, into = {}) {
      const tensors: Record<string, ort.Tensor> = { ...changed }
      for (const [name, values] of Object.entries(feeds)) tensors[name] = toTensor(values, half)
      let results: ort.InferenceSession.OnnxValueMapType
      try {
        const wanted = fetches.map((name) => [name, isKept(into[name]) ? toTensor(into[name], half) : null])
        results = await session.run(tensors, Object.fromEntries(wanted))
      } catch (error) {
        throw deviceError(error)
      }
      const answer: Record<string, Values> = {}
      for (const name of fetches)
        answer[name] = isKept(into[name]) ? into[name] : fromTensor(results[name] as ort.Tensor)
      return answer
    },
  }
}

/** Whether an answer can be written where one was before; a float16 tensor is made in a way that only inputs take. */
function isKept(values: Values | undefined): values is Values {
  return values?.type === 'float32'
}

function toTensorInfo(metadata: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: 'undefined', shape: [] }
  return { name: metadata.name, type: metadata.type, shape: [...metadata.shape] }
}

function toTensor({ type, data, dims }: Values, half: HalfTensor | null): ort.Tensor {
  if (data instanceof Uint16Array && half) return half(data, dims)
  return new ort.Tensor(type as 'float32', data as Float32Array, dims)
}

function fromTensor({ data, dims, type }: ort.Tensor): Values {
  if (type === 'float16') return { type, data: halvesOf(data), dims }
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Uint8Array)
    return { type, data, dims }
  throw new PipelineError('model_unusable', `The model gives an output of type ${type}.`)
}
