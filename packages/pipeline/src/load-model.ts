import { stat } from 'node:fs/promises'
import type { LoadMode } from '@pentimento/checkpoints'
import { testPrediction } from './denoise/test-prediction.ts'
import { createUpscalers, type Upscalers } from './enlarge/open-upscaler.ts'
import type { Beside } from './folder/beside.ts'
import type { ModelDescription, PartName } from './folder/description.ts'
import type { ModelFolder, TokenizerSource } from './folder/read-folder.ts'
import { readModel } from './folder/read-model.ts'
import type { ModelPart } from './folder/read-part.ts'
import { textParts } from './folder/text-signature.ts'
import { unusable } from './folder/unusable.ts'
import { openGraph, openPart } from './open-part.ts'
import { chooseDevice, type Device, factsBy } from './ort/choose-device.ts'
import type { GraphOptions, RowSession, Session } from './ort/graph.ts'
import { localRuntime, type Runtime } from './ort/runtime.ts'
import { openReference, type Reference } from './reference/open-reference.ts'
import { type TextEncoder, textEncoder } from './text/text-encoder.ts'
import { clipTokenizer, loadTokenizer, type Tokenizer } from './text/tokenizer.ts'
import { type VaeSession, withFloat32Retry } from './vae/float32-retry.ts'
import type { Vae } from './vae/vae.ts'

/** 1024×1024, the largest native size of the families: what a model was made for is never cut. */
const defaultTilePixels = 1024 * 1024

/** A model in memory. */
export interface Model {
  description: ModelDescription
  /** What its weights take, in bytes. */
  memoryBytes: number
  device: Device
  /** Whether its files are still those that were read, by size and time. Only files of safetensors are looked at. */
  isCurrent(): Promise<boolean>
  /** Frees the memory. The model cannot be used afterwards. */
  dispose(): Promise<void>
}

/** What the pipeline itself needs of a model. */
export interface LoadedModel extends Model {
  folder: ModelFolder
  /** In the order in which their outputs stand side by side. */
  textEncoders: TextEncoder[]
  unet: RowSession
  vae: Vae & { encoder: VaeSession; decoder: VaeSession }
  upscalers: Upscalers
  /** Null without an IP-Adapter. */
  reference: Reference | null
}

/** LoRAs and an IP-Adapter stand beside models of safetensors only. */
export interface LoadOptions extends Beside {
  device: 'auto' | Device
  /** Threads of the CPU provider; by default one per physical core. */
  threads?: number
  /**
   * How weights of safetensors come into memory: packed, for speed (`fast`), or mapped, for many models in turn
   * (`lean`).
   */
  loadMode?: LoadMode
  /** The VAE takes larger pictures in overlapping tiles of at most so many pixels: 256² or more, by default 1024². */
  tilePixels?: number
  /** Where its graphs run; by default in this thread. */
  runtime?: Runtime
}

/**
 * Reads a model's description, of a folder or a single file: JSON and the heads of files, no weights. @throws
 * PipelineError `model_unusable`.
 */
export async function describeModel(path: string): Promise<ModelDescription> {
  return (await readModel(path)).description
}

/** @throws PipelineError `model_unusable` with the reason, or `out_of_memory`. */
export async function loadModel(path: string, options: LoadOptions): Promise<Model> {
  const folder = await readModel(path, options)
  const runtime = options.runtime ?? localRuntime()
  const { device } = await chooseDevice(options.device, factsBy(runtime.open))
  const sessionOptions: GraphOptions = {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  }
  // It runs twice a picture, and would keep more than the UNet needs for all the steps between (docs/performance.md).
  const vaeOptions: GraphOptions = { ...sessionOptions, keepMemory: false }
  const opened: Pick<Session, 'release'>[] = []
  const upscalers = createUpscalers(runtime.open, device, vaeOptions)
  opened.push(upscalers)
  const target = { open: runtime.open, openShared: runtime.openShared, device, loadMode: options.loadMode ?? 'fast' }
  const open = async (name: PartName, part: ModelPart): Promise<RowSession> => {
    const { session } = await openPart(name, part, target, sessionOptions)
    opened.push(session)
    return session
  }
  const openVae = async (name: PartName, part: ModelPart): Promise<VaeSession> => {
    const { session, isHalf } = await openPart(name, part, target, vaeOptions)
    const openFloat32 = async () => (await openGraph(part, { ...target, type: 'float32' }, vaeOptions)).session
    const retrying = withFloat32Retry(session, isHalf ? openFloat32 : null)
    opened.push(retrying)
    return retrying
  }
  try {
    const { parts } = folder
    const textEncoders: TextEncoder[] = []
    for (const name of textParts) {
      const [part, signature, source] = [parts[name], folder.texts[name], folder.tokenizers[name]]
      if (!part || !signature || !source) continue
      const tokenizer = await tokenizerFrom(source)
      textEncoders.push(textEncoder(name, tokenizer, await open(name, part), signature, part))
    }
    const held = folder.reference
    const reference = held ? await openReference(held, target, sessionOptions, opened) : null
    const model: LoadedModel = {
      description: folder.description,
      folder,
      device,
      memoryBytes: Object.values(parts).reduce((sum, part) => sum + part.bytes, reference?.bytes ?? 0),
      textEncoders,
      unet: await open('unet', parts.unet),
      vae: {
        encoder: await openVae('vae_encoder', parts.vae_encoder),
        decoder: await openVae('vae_decoder', parts.vae_decoder),
        latents: folder.latents,
        tilePixels: options.tilePixels ?? defaultTilePixels,
      },
      upscalers,
      reference,
      isCurrent: () => areUnchanged(folder.files),
      dispose: () => releaseAll(opened),
    }
    if (!(await model.isCurrent())) throw unusable(changedMeanwhile)
    if (folder.predictionIsOpen) await tellPrediction(model)
    return model
  } catch (error) {
    await releaseAll(opened)
    throw error
  }
}

const changedMeanwhile =
  'Its file was changed while it was loaded: copy a model under another name, and rename it when it is there whole.'

async function areUnchanged(files: ModelFolder['files']): Promise<boolean> {
  const same = files.map(async ({ path, size, modified }) => {
    const now = await stat(path).catch(() => null)
    return now?.size === size && now.mtimeMs === modified
  })
  return (await Promise.all(same)).every(Boolean)
}

async function tokenizerFrom(source: TokenizerSource): Promise<Tokenizer> {
  return 'clipPad' in source ? clipTokenizer(source.clipPad) : loadTokenizer(source.dir, source.name)
}

/** Nothing in the files said what the UNet predicts. */
async function tellPrediction({ description, folder, unet }: LoadedModel): Promise<void> {
  const prediction = await testPrediction(unet, folder.unet)
  description.prediction = prediction
  folder.scheduler.prediction = prediction
}

async function releaseAll(sessions: Pick<Session, 'release'>[]): Promise<void> {
  for (const session of sessions.splice(0)) await session.release()
}
