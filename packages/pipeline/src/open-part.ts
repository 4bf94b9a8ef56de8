import type { LoadMode } from '@pentimento/checkpoints'
import { PipelineError } from './errors.ts'
import type { PartName } from './folder/description.ts'
import type { ModelPart } from './folder/read-part.ts'
import { recastToFloat32 } from './onnx/recast.ts'
import type { Device } from './ort/choose-device.ts'
import { gigabytes, isMemoryError } from './ort/device-error.ts'
import type { GraphOptions, RowSession } from './ort/graph.ts'
import type { Runtime } from './ort/runtime.ts'

interface Target extends Pick<Runtime, 'open' | 'openShared'> {
  device: Device
  loadMode: LoadMode
  /** What to compute in, if not in what is best on the device. */
  type?: 'float32'
}

interface Opened {
  session: RowSession
  /** Whether it computes in float16. */
  isHalf: boolean
}

/** Loads one network. @throws PipelineError `model_unusable` with the reason, or `out_of_memory` */
export async function openPart(
  name: PartName,
  part: ModelPart,
  target: Target,
  options: GraphOptions,
): Promise<Opened> {
  try {
    return await openGraph(part, target, options)
  } catch (error) {
    if (isMemoryError(error)) {
      const message = `There is too little memory to load ${name}, whose weights take ${gigabytes(part.bytes)}.`
      throw new PipelineError('out_of_memory', message, { cause: error })
    }
    if (error instanceof PipelineError) throw error
    const reason = reasonAgainst(error, [...part.graph.customOperators])
    const what = part.write ? name : `${name}/model.onnx`
    throw new PipelineError('model_unusable', `${what}: ${reason}.`, { cause: error })
  }
}

/** As {@link openPart}. @throws whatever onnxruntime says */
export async function openGraph(
  part: ModelPart,
  { open, openShared, device, loadMode, type }: Target,
  options: GraphOptions,
): Promise<Opened> {
  if (part.write) {
    const { model, type: computed, files, ...written } = part.write(device, loadMode, type)
    const graphOptions = { ...options, ...written }
    // Weights that are computed first are graphs themselves: nothing else is likely to have the same.
    const isAlone = written.changed && written.changed.length > 0
    const session = await (isAlone ? open(model, graphOptions) : openShared(model, graphOptions, files))
    return { session, isHalf: computed === 'float16' }
  }
  const isHalf = [...part.graph.inputs, ...part.graph.outputs].some((info) => info.type === 'float16')
  const session = await open(type === 'float32' ? recastToFloat32(part.file) : part.file, options)
  return { session, isHalf: isHalf && type === undefined }
}

function reasonAgainst(error: unknown, customOperators: string[]): string {
  if (/requires f16/i.test(String(error))) return 'this GPU cannot compute in float16; take a float32 export'
  if (customOperators.length === 0) return 'onnxruntime cannot load it'
  const names = customOperators.join(', ')
  return `it uses operators that are made for another device (${names}); export it without fusing for a GPU`
}
