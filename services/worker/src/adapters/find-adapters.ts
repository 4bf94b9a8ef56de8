import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  type Checkpoint,
  CheckpointError,
  type Embedding,
  fitEmbedding,
  fitLora,
  kindFolders,
  type Lora,
  loraTarget,
  readCheckpoint,
  readEmbedding,
  readLora,
  readUpscaler,
} from '@pentimento/checkpoints'
import type { AdapterEntry } from '@pentimento/contracts'

/** Files that models take, as this worker has them. */
export interface FoundAdapters {
  entries: AdapterEntry[]
  /** LoRAs' paths by their names. */
  loras: ReadonlyMap<string, string>
  /** Those of embeddings. */
  embeddings: ReadonlyMap<string, string>
  /** Those of upscalers. */
  upscalers: ReadonlyMap<string, string>
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

/** How deep people sort their files into folders. */
const deepest = 4

/**
 * Reads what lies below the models folder for models to take, and holds each to them. A file that cannot be used is
 * passed over with a warning.
 */
export async function findAdapters(
  dir: string,
  takers: readonly Taker[],
  warn: (message: string) => void,
): Promise<FoundAdapters> {
  const [loraPaths, embeddingPaths] = [
    await filesBelow(join(dir, kindFolders.lora), deepest),
    await filesBelow(join(dir, kindFolders.embedding), deepest),
  ]
  const targets: Target[] = []
  // ONNX folders have nothing to change; without anything to take nothing is to be read of the others.
  const isEmpty = loraPaths.length + embeddingPaths.length === 0
  for (const { id, path } of isEmpty ? [] : takers.filter(({ layout }) => layout !== 'onnx')) {
    const checkpoint = await readCheckpoint(path)
    targets.push({ id, target: loraTarget(checkpoint), widths: textWidths(checkpoint) })
  }
  const closed = takers.filter(({ layout }) => layout === 'onnx').map(({ id }) => [id, 'it is a folder of ONNX graphs'])
  const loras = await readAll(loraPaths, 'LoRA', readLora, warn)
  const embeddings = await readAll(embeddingPaths, 'embedding', readEmbedding, warn)
  const upscalerPaths = await filesBelow(join(dir, kindFolders.upscaler), deepest)
  const upscalers = await readAll(upscalerPaths, 'upscaler', readUpscaler, warn)
  return {
    entries: [
      ...[...loras].map(([name, { read }]) => loraEntry(name, read, targets)),
      ...[...embeddings].map(([name, { read }]) => embeddingEntry(name, read, targets, Object.fromEntries(closed))),
      ...[...upscalers.keys()].map(
        (name): AdapterEntry => ({ kind: 'upscaler', name, alias: null, family: null, unfit: {} }),
      ),
    ],
    loras: pathsOf(loras),
    embeddings: pathsOf(embeddings),
    upscalers: pathsOf(upscalers),
    bundled: new Map([...loras].map(([name, { read }]) => [name, [...read.embeddings.keys()]])),
  }
}

/** A model as adapters are held to it. */
interface Target {
  id: string
  target: ReturnType<typeof loraTarget>
  widths: Parameters<typeof fitEmbedding>[1]
}

function textWidths({ texts }: Checkpoint): Target['widths'] {
  return Object.fromEntries(Object.entries(texts).map(([part, { width }]) => [part, width]))
}

async function readAll<T>(
  paths: readonly string[],
  what: string,
  readOne: (path: string) => Promise<T>,
  warn: (message: string) => void,
): Promise<Map<string, { path: string; read: T }>> {
  const found = new Map<string, { path: string; read: T }>()
  for (const path of paths) {
    const name = basename(path).replace(/\.safetensors$/i, '')
    const read = await readOne(path).catch((error) => refused(`the ${what} "${name}" is left out`, error, warn))
    if (!read) continue
    const earlier = found.get(name)
    if (earlier) warn(`the ${what} "${name}" is there twice; the one in ${earlier.path} is taken`)
    else found.set(name, { path, read })
  }
  return found
}

function pathsOf(found: ReadonlyMap<string, { path: string }>): Map<string, string> {
  return new Map([...found].map(([name, { path }]) => [name, path]))
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

function reasonAgainst(fit: () => unknown): string | null {
  try {
    fit()
    return null
  } catch (error) {
    if (error instanceof CheckpointError) return error.message
    throw error
  }
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

function refused(what: string, error: unknown, warn: (message: string) => void): null {
  if (!(error instanceof CheckpointError)) throw error
  warn(`${what}: ${error.message}`)
  return null
}

/** Every .safetensors, and what is to be warned of, in an order that does not change. */
async function filesBelow(dir: string, depth: number): Promise<string[]> {
  const names = await readdir(dir).catch((): string[] => [])
  const files: string[] = []
  for (const name of names.filter((one) => !one.startsWith('.')).toSorted((a, b) => a.localeCompare(b))) {
    if (/\.(safetensors|pt|ckpt|bin)$/i.test(name)) files.push(join(dir, name))
    else if (depth > 0) files.push(...(await filesBelow(join(dir, name), depth - 1)))
  }
  return files
}
