import { CheckpointError } from '../errors.ts'
import { recognise } from '../kinds/recognise.ts'
import { isObject } from '../read-json.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import { bundledEmbeddings, type Embedding, isBundled } from './embedding.ts'
import { type LoraFamily, loraFamily } from './lora-family.ts'
import { modulesOf, type Pieces } from './pieces.ts'

/** A LoRA file, of any of the kinds that fold into weights, read but not yet held to a model. */
export interface Lora {
  file: SafetensorsFile
  /** What it was made for; null where nothing tells. */
  family: LoraFamily | null
  /** By the layers' names in the file. */
  modules: ReadonlyMap<string, Pieces>
  /** Words that come with it and mean something only beside it. */
  embeddings: ReadonlyMap<string, Embedding>
  /** Names that stand for nothing known. */
  others: readonly string[]
  /** The name that its trainer gave it, by which AUTOMATIC1111 knows it, too. */
  alias: string | null
  /** Alpha of each layer, of files that have it in their metadata; else null, and tensors hold it. */
  alphaOf: (layer: string, rank: number) => number | null
}

/** What changes weights and does not fold into them as a sum. */
const unfoldable: readonly (readonly [string, RegExp])[] = [
  ['OFT', /\.(oft_blocks|oft_diag)$|^oft_unet_/],
  ['GLoRA', /\.[ab][12]\.weight$/],
  ['IA³', /\.on_input$/],
  ['a Flux control LoRA', /\.(set_weight|reshape_weight)$/],
]

/** @throws CheckpointError with what the file is instead, or why it cannot be taken */
export async function readLora(path: string): Promise<Lora> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== 'lora')
    throw new CheckpointError(`It is ${recognised.what} (${recognised.told}), and no LoRA.`)
  const names = [...file.tensors.keys()]
  const kind = unfoldable.find(([, pattern]) => names.some((name) => pattern.test(name)))
  if (kind) throw new CheckpointError(`It is of the kind ${kind[0]}, which is not supported.`)
  const embeddings = bundledEmbeddings(file)
  const { modules, others } = modulesOf(new Map([...file.tensors].filter(([name]) => !isBundled(name))))
  const alias = file.metadata.get('ss_output_name')?.trim() || null
  return { file, family: loraFamily(file), modules, embeddings, others, alias, alphaOf: alphasOf(file.metadata) }
}

/** diffusers writes PEFT's settings beside the weights. @throws CheckpointError */
function alphasOf(metadata: ReadonlyMap<string, string>): Lora['alphaOf'] {
  const text = metadata.get('lora_adapter_metadata')
  let json: unknown = null
  try {
    json = text === undefined ? null : JSON.parse(text)
  } catch {
    throw new CheckpointError('Its lora_adapter_metadata is no JSON.')
  }
  if (!isObject(json)) return () => null
  const settings = json
  return (layer, rank) => {
    const [part = ''] = /^(unet|text_encoder_2|text_encoder)(?=\.)/.exec(layer) ?? []
    const patterns = settings[`${part}.alpha_pattern`]
    const own = isObject(patterns) ? Object.entries(patterns).find(([name]) => layer.endsWith(`.${name}`)) : undefined
    const alpha = own?.[1] ?? settings[`${part}.lora_alpha`]
    if (typeof alpha !== 'number' || !Number.isFinite(alpha)) return null
    return settings[`${part}.use_rslora`] === true ? alpha * Math.sqrt(rank) : alpha
  }
}
