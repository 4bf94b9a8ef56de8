import { join } from 'node:path'
import { PipelineError } from '../errors.ts'
import { openSession, type Session, type SessionOptions } from '../ort/session.ts'
import { type TextEncoder, textEncoder } from '../text/text-encoder.ts'
import { loadTokenizer } from '../text/tokenizer.ts'
import type { ModelDescription, PartName } from './description.ts'
import { type ModelFolder, type ModelPart, readFolder } from './read-folder.ts'

export type Device = 'cpu' | 'cuda' | 'webgpu'

/** A model in memory. */
export interface Model {
  description: ModelDescription
  /** What its weights take, in bytes. */
  memoryBytes: number
  device: Device
  /** Frees the memory. The model cannot be used afterwards. */
  dispose(): Promise<void>
}

/** What the pipeline itself needs of a model. */
export interface LoadedModel extends Model {
  folder: ModelFolder
  /** In the order in which their outputs stand side by side. */
  textEncoders: TextEncoder[]
  unet: Session
  vaeEncoder: Session
  vaeDecoder: Session
}

export interface LoadOptions {
  device: 'auto' | Device
  /** Threads of the CPU provider; by default one per physical core. */
  threads?: number
}

/** Reads a folder's description: JSON files and the graphs' heads, no weights. @throws PipelineError `model_unusable`. */
export async function describeModel(dir: string): Promise<ModelDescription> {
  return (await readFolder(dir)).description
}

/** @throws PipelineError `model_unusable` with the reason, or `out_of_memory`. */
export async function loadModel(dir: string, options: LoadOptions): Promise<Model> {
  const folder = await readFolder(dir)
  const device = options.device === 'auto' ? 'cpu' : options.device
  const sessionOptions: SessionOptions = {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  }
  const opened: Session[] = []
  const open = async (name: PartName, part: ModelPart): Promise<Session> => {
    const session = await openPart(name, part, sessionOptions)
    opened.push(session)
    return session
  }
  try {
    const { parts } = folder
    const textEncoders: TextEncoder[] = []
    for (const [name, tokenizerName] of [
      ['text_encoder', 'tokenizer'],
      ['text_encoder_2', 'tokenizer_2'],
    ] as const) {
      const part = parts[name]
      if (!part) continue
      const tokenizer = await loadTokenizer(join(dir, tokenizerName), tokenizerName)
      textEncoders.push(textEncoder(tokenizer, await open(name, part), part.graph, part.file))
    }
    const model: LoadedModel = {
      description: folder.description,
      folder,
      device,
      memoryBytes: Object.values(parts).reduce((sum, part) => sum + part.bytes, 0),
      textEncoders,
      unet: await open('unet', parts.unet),
      vaeEncoder: await open('vae_encoder', parts.vae_encoder),
      vaeDecoder: await open('vae_decoder', parts.vae_decoder),
      dispose: () => releaseAll(opened),
    }
    return model
  } catch (error) {
    await releaseAll(opened)
    throw error
  }
}

async function openPart(name: PartName, part: ModelPart, options: SessionOptions): Promise<Session> {
  try {
    return await openSession(part.file, options)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (/out of memory|bad_alloc|failed to allocate/i.test(text)) {
      throw new PipelineError('out_of_memory', `There is too little memory to load ${name}.`, { cause: error })
    }
    const custom = [...part.graph.customOperators]
    const reason =
      custom.length > 0
        ? `it uses operators that are made for another device (${custom.join(', ')}); export it without fusing for a GPU`
        : 'onnxruntime cannot load it'
    throw new PipelineError('model_unusable', `${name}/model.onnx: ${reason}.`, { cause: error })
  }
}

async function releaseAll(sessions: Session[]): Promise<void> {
  for (const session of sessions.splice(0)) await session.release()
}
