import { join } from 'node:path'
import {
  type Checkpoint,
  type Control,
  type Embedding,
  fitControl,
  fitEmbedding,
  fitLora,
  kindFolders,
  type Lora,
  loraTarget,
  readCheckpoint,
  readControl,
  readEmbedding,
  readImageEncoder,
  readIpAdapter,
  readLora,
  readSafetyChecker,
  readUpscaler,
} from '@pentimento/checkpoints'
import type { AdapterEntry } from '@pentimento/contracts'
import { controlTypes } from '@pentimento/vocabulary'
import { pathsOf, readAll, reasonAgainst } from './read-files.ts'
import { type FoundReference, foundReferences, referenceEntry } from './references.ts'

/** Files that models take, as this worker has them. */
export interface FoundAdapters {
  entries: AdapterEntry[]
  /** LoRAs' paths by their names. */
  loras: ReadonlyMap<string, string>
  /** Those of embeddings. */
  embeddings: ReadonlyMap<string, string>
  /** Those of upscalers. */
  upscalers: ReadonlyMap<string, string>
  /** IP-Adapters by their names. */
  references: ReadonlyMap<string, FoundReference>
  /** ControlNets and T2I-Adapters by their names, each with what its weights take. */
  controls: ReadonlyMap<string, { path: string; bytes: number }>
  /** The file that results are looked at by; null without. */
  safetyChecker: string | null
  /** Words that LoRAs bring along, by the names of these. */
  bundled: ReadonlyMap<string, readonly string[]>
}

/** A model that adapters may go with. */
interface Taker {
  id: string
  path: string
  /** ONNX graphs take none. */
  layout: string
}

/**
 * Reads what lies below the models folder for models to take, and holds each to them. A file that cannot be used is
 * passed over with a warning.
 */
export async function findAdapters(
  dir: string,
  takers: readonly Taker[],
  warn: (message: string) => void,
): Promise<FoundAdapters> {
  const below = <T>(kind: keyof typeof kindFolders, what: string, readOne: (path: string) => Promise<T>) =>
    readAll(join(dir, kindFolders[kind]), what, readOne, warn)
  const loras = await below('lora', 'LoRA', readLora)
  const embeddings = await below('embedding', 'embedding', readEmbedding)
  const controls = await below('controlnet', 'ControlNet', readControl)
  const references = await below('ip-adapter', 'IP-Adapter', readIpAdapter)
  const encoders = await below('image-encoder', 'image encoder', readImageEncoder)
  const upscalers = await below('upscaler', 'upscaler', readUpscaler)
  const targets: Target[] = []
  // ONNX folders have nothing to change; without anything to take nothing is to be read of the others.
  const isEmpty = loras.size + embeddings.size + references.size + controls.size === 0
  for (const { id, path } of isEmpty ? [] : takers.filter(({ layout }) => layout !== 'onnx')) {
    const checkpoint = await readCheckpoint(path)
    targets.push({ id, checkpoint, target: loraTarget(checkpoint), widths: textWidths(checkpoint) })
  }
  const closed = takers.filter(({ layout }) => layout === 'onnx').map(({ id }) => [id, 'it is a folder of ONNX graphs'])
  return {
    entries: [
      ...[...loras].map(([name, { read }]) => loraEntry(name, read, targets)),
      ...[...embeddings].map(([name, { read }]) => embeddingEntry(name, read, targets, Object.fromEntries(closed))),
      ...[...references].map(([name, { read }]) => referenceEntry(name, read, encoders, targets)),
      ...[...controls].map(([name, { read }]) => controlEntry(name, read, targets)),
      ...[...upscalers.keys()].map(
        (name): AdapterEntry => ({ kind: 'upscaler', name, alias: null, family: null, unfit: {} }),
      ),
    ],
    loras: pathsOf(loras),
    embeddings: pathsOf(embeddings),
    upscalers: pathsOf(upscalers),
    references: foundReferences(references, encoders),
    controls: new Map([...controls].map(([name, { path, read }]) => [name, { path, bytes: read.file.size }])),
    safetyChecker: await safetyCheckerOf(dir, takers, warn),
    bundled: new Map([...loras].map(([name, { read }]) => [name, [...read.embeddings.keys()]])),
  }
}

/** The deployment's, else the first that a model's own folder brings. */
async function safetyCheckerOf(
  dir: string,
  takers: readonly Taker[],
  warn: (message: string) => void,
): Promise<string | null> {
  const folders = [dir, ...takers.filter(({ layout }) => layout !== 'file').map(({ path }) => path)]
  for (const folder of folders) {
    const found = await readAll(join(folder, kindFolders['safety-checker']), 'safety checker', readSafetyChecker, warn)
    const [first] = found.values()
    if (first) return first.path
  }
  return null
}

/** A model as adapters are held to it. */
interface Target {
  id: string
  checkpoint: Checkpoint
  target: ReturnType<typeof loraTarget>
  widths: Parameters<typeof fitEmbedding>[1]
}

function textWidths({ texts }: Checkpoint): Target['widths'] {
  return Object.fromEntries(Object.entries(texts).map(([part, { width }]) => [part, width]))
}

/** Held to every model: width tells what it goes with. */
function embeddingEntry(
  name: string,
  embedding: Embedding,
  targets: readonly Target[],
  closed: AdapterEntry['unfit'],
): AdapterEntry {
  const unfit = Object.fromEntries(
    targets.flatMap(({ id, widths }) => {
      const reason = reasonAgainst(() => fitEmbedding(embedding, widths))
      return reason === null ? [] : [[id, `${name}: ${reason}`]]
    }),
  )
  return { kind: 'embedding', name, alias: null, family: null, unfit: { ...unfit, ...closed } }
}

function loraEntry(name: string, lora: Lora, targets: readonly Target[]): AdapterEntry {
  const { family } = lora
  const made = family === null ? null : family.value === 'other' ? family.label : family.value
  const unfit: AdapterEntry['unfit'] = {}
  for (const { id, target, widths } of targets) {
    // Of another family is said from the families alone.
    if (made !== null && made !== target.family.value.replace('sdxl-refiner', 'sdxl')) continue
    const reason = reasonAgainst(() => {
      fitLora(lora, target)
      for (const embedding of lora.embeddings.values()) fitEmbedding(embedding, widths)
    })
    if (reason !== null) unfit[id] = `${name}: ${reason}`
  }
  return { kind: 'lora', name, alias: lora.alias === name ? null : lora.alias, family: made, unfit }
}

function controlEntry(name: string, control: Control, targets: readonly Target[]): AdapterEntry {
  const { kind, family } = control
  const unfit: AdapterEntry['unfit'] = {}
  for (const { id, checkpoint } of targets) {
    if (family.value !== checkpoint.family.value) continue
    const reason = reasonAgainst(() => fitControl(control, checkpoint))
    if (reason !== null) unfit[id] = `${name}: ${reason}`
  }
  const types = control.kind === 'controlnet' ? control.types : null
  const entry: AdapterEntry = { kind, name, alias: null, family: family.value, unfit }
  return types === null ? entry : { ...entry, control_types: controlTypes.slice(0, types) }
}
