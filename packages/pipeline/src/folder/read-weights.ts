import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  type Checkpoint,
  CheckpointError,
  type Control,
  computeType,
  controlInputs,
  type Graph,
  type GraphName,
  type GraphSource,
  type LoadMode,
  modelBytes,
  readCheckpoint,
  sessionOptions,
  splitChanged,
  type WeightFile,
  writeGraph,
} from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import type { OnnxGraph } from '../onnx/read-graph.ts'
import { readSchedulerConfig } from '../schedules/scheduler-config.ts'
import type { Beside } from './beside.ts'
import { readControls } from './chosen-control.ts'
import { foldLoras } from './chosen-lora.ts'
import { holdReference } from './chosen-reference.ts'
import { describeWeights, storedType } from './describe-weights.ts'
import { families } from './families.ts'
import { IncompleteModel } from './incomplete-model.ts'
import {
  type ModelFolder,
  maxClipSkip,
  sizeConditioning,
  type TokenizerSource,
  tokenizerOf,
  zeroEmptyNegative,
} from './read-folder.ts'
import { booleanAt, numberAt } from './read-json.ts'
import type { ModelPart } from './read-part.ts'
import { type ControlSignature, checkVae, unetSignature } from './signature.ts'
import { checkText, encodersOf, textParts, textSignature } from './text-signature.ts'
import { unusable } from './unusable.ts'

/**
 * Reads a model of safetensors, a single file or a folder in diffusers' layout: its graphs are written here, over
 * weights that stay in their files. LoRAs are folded into them while they are loaded, and with an
 * IP-Adapter the UNet takes what that makes of a picture. What is to guide it by pictures is written into its graph.
 *
 * @throws model_unusable with what the file is instead, what is missing, or what cannot work
 */
export async function readWeights(
  path: string,
  { loras = [], controls = [], reference }: Beside,
): Promise<ModelFolder> {
  try {
    const checkpoint = await readCheckpoint(path)
    const { changes, files: loraFiles, warnings } = await foldLoras(checkpoint, loras)
    const held = reference && (await holdReference(checkpoint, reference))
    const guides = await readControls(checkpoint, controls)
    const files = [...checkpoint.files, ...loraFiles, ...guides.files]
    if (held) files.push(held.adapter.file, held.encoder.file)
    const changed = { ...checkpoint, changes, controls: guides.controls, readsReference: held !== undefined }
    return { ...(await modelOf(changed, files)), warnings, ...(held && { reference: held }) }
  } catch (error) {
    throw error instanceof CheckpointError
      ? new PipelineError('model_unusable', error.message, { cause: error })
      : error
  }
}

type ChangedCheckpoint = Checkpoint & Pick<GraphSource, 'changes' | 'controls' | 'readsReference'>

async function modelOf(checkpoint: ChangedCheckpoint, files: WeightFile[]): Promise<ModelFolder> {
  const { configs, family, layout, path } = checkpoint
  const facts = families[family.value]
  const latents = { ...facts.latents, scale: numberAt(configs.vae, 'scaling_factor') ?? facts.latents.scale }
  if (latents.scale <= 0) throw unusable(`The VAE's config.json has a scaling_factor of ${latents.scale}.`)
  const description = await describeWeights(checkpoint, latents)
  if (description.missing) throw new IncompleteModel(description)
  const parts: ModelFolder['parts'] = {
    unet: partOf(checkpoint, 'unet', files),
    vae_encoder: partOf(checkpoint, 'vae_encoder', files),
    vae_decoder: partOf(checkpoint, 'vae_decoder', files),
  }
  const texts: ModelFolder['texts'] = {}
  const tokenizers: ModelFolder['tokenizers'] = {}
  for (const name of textParts) {
    if (!checkpoint.weights[name]) continue
    const part = partOf(checkpoint, name, files)
    parts[name] = part
    texts[name] = textSignature(name, part.graph, null, null, facts.text)
    tokenizers[name] = await tokenizerFor(checkpoint, name)
  }
  const unet = unetSignature(parts.unet.graph, (checkpoint.controls ?? []).map(controlSignature))
  checkText(unet, facts.text, encodersOf(parts, texts))
  checkVae(parts.vae_encoder.graph, parts.vae_decoder.graph, latents)
  const named = Object.entries(parts) as [keyof typeof parts, ModelPart][]
  return {
    dir: layout === 'file' ? dirname(path) : path,
    parts,
    unet,
    texts,
    scheduler: readSchedulerConfig(checkpoint.scheduler),
    predictionIsOpen: checkpoint.prediction.value === null,
    samplesInEncoder: false,
    latents,
    family: facts,
    sizes: sizeConditioning(unet, booleanAt(configs.model_index, 'requires_aesthetics_score')),
    zeroEmptyNegative: zeroEmptyNegative(facts, booleanAt(configs.model_index, 'force_zeros_for_empty_prompt')),
    tokenizers,
    files,
    warnings: [],
    description: {
      ...description,
      parts: Object.fromEntries(named.map(([name, part]) => [name, part.bytes])),
      dtypes: Object.fromEntries(named.map(([name]) => [name, storedType(checkpoint, name)])),
      maxClipSkip: maxClipSkip(parts, facts.text),
    },
  }
}

/** The inputs of a network beside the UNet, and what the sides of its pictures must be multiples of. */
function controlSignature(control: Control, number: number): ControlSignature {
  const { picture, scale, type: name } = controlInputs(number)
  if (control.kind === 't2i-adapter') return { picture, scale, type: null, multiple: control.shape.gathered }
  return { picture, scale, type: control.types === null ? null : { name, count: control.types }, multiple: 8 }
}

/** A network whose graph is written for the device that it is opened on. What it takes and gives is the same on all. */
function partOf(checkpoint: ChangedCheckpoint, name: GraphName, files: readonly WeightFile[]): ModelPart {
  const graph = writeGraph(checkpoint, name, 'cpu')
  const own = graph.weights.find(({ tensor }) => checkpoint.files.some(({ path }) => path === tensor.file))
  return {
    file: own?.tensor.file ?? checkpoint.path,
    graph: onnxGraphOf(graph),
    bytes: graph.weights.reduce((sum, { tensor }) => sum + tensor.length, 0),
    write: (device, loadMode, type = computeType(checkpoint, name, device)) => {
      // A GPU has a copy of its own of every weight, whichever way they come to it.
      const mode = device === 'cpu' ? loadMode : 'fast'
      const written = device === 'cpu' ? graph : writeGraph(checkpoint, name, device, type)
      const used = new Set(written.weights.map(({ tensor }) => tensor.file))
      const facts = { type, files: files.filter(({ path }) => used.has(path)) }
      if (mode === 'fast') return { ...modelFor(written, mode), ...facts }
      const { once, rest } = splitChanged(written)
      return { ...modelFor(rest, mode), ...facts, changed: once.map((each) => modelFor(each, mode)) }
    },
  }
}

function modelFor(graph: Graph, mode: LoadMode) {
  const { bytes, folder } = modelBytes(graph)
  return { model: bytes, weights: sessionOptions(folder, mode) }
}

/** What would be read of the graph if it were a file. */
function onnxGraphOf({ inputs, outputs, nodes, weights }: Graph): OnnxGraph {
  const info = ({ name, type, shape }: Graph['inputs'][number]) => ({ name, type, shape: [...shape] })
  const operators = nodes.flatMap((node) =>
    node.outputs.map((output) => [output, { type: node.type, inputs: [...node.inputs] }] as const),
  )
  const types: Record<string, string> = {
    F64: 'float64',
    F32: 'float32',
    F16: 'float16',
    BF16: 'bfloat16',
    F8_E5M2: 'float8e5m2',
    F8_E4M3: 'float8e4m3fn',
  }
  return {
    inputs: inputs.map(info),
    outputs: outputs.map(info),
    customOperators: new Set(),
    externalFiles: new Set(),
    weights: new Map(
      weights.map(({ name, tensor: { dtype, file, length, offset } }) => [
        name,
        { type: types[dtype] ?? dtype, offset, length, external: basename(file) },
      ]),
    ),
    producers: new Map(operators),
  }
}

/** CLIP's own, unless a folder brings one. Encoders that were trained with OpenCLIP fill up with the token 0. */
async function tokenizerFor(
  { family, layout, path }: Checkpoint,
  name: (typeof textParts)[number],
): Promise<TokenizerSource> {
  const folder = tokenizerOf[name]
  const files = layout === 'folder' ? await readdir(join(path, folder)).catch((): string[] => []) : []
  if (files.includes('vocab.json') || files.includes('tokenizer.json')) return { dir: join(path, folder), name: folder }
  return { clipPad: name === 'text_encoder_2' || family.value === 'sd2' ? '!' : '<|endoftext|>' }
}
