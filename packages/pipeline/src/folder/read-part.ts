import { open, readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import type { ComputeType, LoadMode, WeightFile, WeightOptions } from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import { externalLocations } from '../onnx/external-locations.ts'
import { type OnnxGraph, readOnnxGraph } from '../onnx/read-graph.ts'
import type { Device } from '../ort/choose-device.ts'
import type { ChangedWeight } from '../ort/graph.ts'
import type { PartName } from './description.ts'
import { checkFreeShape } from './signature.ts'
import { unusable } from './unusable.ts'

interface WrittenGraph {
  model: Uint8Array
  weights: WeightOptions
  type: ComputeType
  changed?: readonly ChangedWeight[]
  /** Those that its weights are in. */
  files: readonly WeightFile[]
}

export interface ModelPart {
  /** The graph; or, where that is written, a file of its weights. */
  file: string
  graph: OnnxGraph
  /** With the files of weights beside it. */
  bytes: number
  /**
   * Writes the graph for a device, of a network whose graph is no file. Its weights stay in theirs.
   *
   * @param type what it computes in; by default what is best on the device
   */
  write?: (device: Device, loadMode: LoadMode, type?: ComputeType) => WrittenGraph
}

/** One network of a model's folder; null if there is none. @throws model_unusable with what is wrong with its files. */
export async function readPart(dir: string, name: PartName): Promise<ModelPart | null> {
  const file = join(dir, name, 'model.onnx')
  const size = await sizeOf(file)
  if (size === null) return null
  let graph: OnnxGraph
  let locations: Set<string>
  try {
    graph = readOnnxGraph(file)
    locations = externalLocations(file)
  } catch (error) {
    throw new PipelineError('model_unusable', `${name}/model.onnx is ${await notAGraph(file)}.`, { cause: error })
  }
  if ([...locations].some((location) => isAbsolute(location) || normalize(location).startsWith('..')))
    throw unusable(`${name}/model.onnx names a file of weights outside its own folder.`)
  let bytes = size
  for (const [external, needed] of externalFiles(graph)) {
    const there = await sizeOf(join(dirname(file), external))
    if (there === null) throw unusable(`${name}/${external}, which holds the weights of model.onnx, is missing.`)
    if (there < needed) {
      throw unusable(`${name}/${external} has ${there} bytes, and model.onnx needs ${needed}: it is not complete.`)
    }
    bytes += there
  }
  if (name.startsWith('vae')) checkFreeShape(name, graph)
  return { file, graph, bytes }
}

/** As {@link readPart}, of a network that no model can do without. @throws model_unusable also if it is not there */
export async function requirePart(dir: string, name: PartName): Promise<ModelPart> {
  const part = await readPart(dir, name)
  if (part) return part
  throw unusable(`The folder has no ${name}/model.onnx.${await whatIsInstead(dir, name)}`)
}

/** @throws model_unusable if the text encoder's tokenizer is not there */
export async function requireTokenizer(dir: string, name: 'tokenizer' | 'tokenizer_2'): Promise<void> {
  const files = await readdir(join(dir, name)).catch((): string[] => [])
  if (files.includes('tokenizer.json') || (files.includes('vocab.json') && files.includes('merges.txt'))) return
  throw unusable(`${name} has neither tokenizer.json nor vocab.json and merges.txt.`)
}

/** The files beside a graph, with the size that each must have at least. */
function externalFiles({ weights }: OnnxGraph): Map<string, number> {
  const needed = new Map<string, number>()
  for (const { external, offset, length } of weights.values()) {
    if (external !== null) needed.set(external, Math.max(needed.get(external) ?? 0, offset + length))
  }
  return needed
}

async function notAGraph(file: string): Promise<string> {
  const pointer = 'version https://git-lfs'
  const start = await readStart(file, pointer.length).catch(() => '')
  return start === pointer
    ? 'a pointer of Git LFS, not the file itself: get that with "git lfs pull"'
    : 'no complete ONNX file'
}

async function readStart(file: string, length: number): Promise<string> {
  const handle = await open(file)
  try {
    return (await handle.read(Buffer.alloc(length), 0, length, 0)).buffer.toString('latin1')
  } finally {
    await handle.close()
  }
}

/** What people have in place of a network's graph, and what they do about it. */
async function whatIsInstead(dir: string, name: PartName): Promise<string> {
  const files = await readdir(join(dir, name)).catch((): string[] => [])
  if (files.includes('model.onnx')) return ' What has its name is a link that leads nowhere.'
  const graph = files.find((file) => file.endsWith('.onnx'))
  if (graph) return ` It has ${name}/${graph}: rename that.`
  if (files.some((file) => /\.(safetensors|bin|ckpt|pt)$/.test(file))) {
    return ' It holds weights that are not read here: take the .safetensors files of the model.'
  }
  const isTransformer = name === 'unet' && (await sizeOf(join(dir, 'transformer'))) !== null
  return isTransformer ? ' Models with a transformer in its place (SD 3, Flux) are not understood.' : ''
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  )
}
