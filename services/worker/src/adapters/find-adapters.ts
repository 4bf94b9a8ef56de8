import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  CheckpointError,
  fitLora,
  kindFolders,
  type Lora,
  loraTarget,
  readCheckpoint,
  readLora,
} from '@pentimento/checkpoints'
import type { AdapterEntry } from '@pentimento/contracts'

/** Files that models take, as this worker has them. */
export interface FoundAdapters {
  entries: AdapterEntry[]
  /** LoRAs' paths by their names. */
  loras: ReadonlyMap<string, string>
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

/** Reads the LoRAs below the models folder and holds each to the models of its family. One that cannot be used is passed over with a warning. */
export async function findAdapters(
  dir: string,
  takers: readonly Taker[],
  warn: (message: string) => void,
): Promise<FoundAdapters> {
  const paths = await filesBelow(join(dir, kindFolders.lora), deepest)
  const targets = []
  // The built-in model and ONNX folders have no weights to change; without a LoRA nothing is to be read of the others.
  for (const taker of paths.length === 0 ? [] : takers.filter(({ layout }) => layout !== 'onnx'))
    targets.push({ ...taker, target: loraTarget(await readCheckpoint(taker.path)) })
  const entries: AdapterEntry[] = []
  const loras = new Map<string, string>()
  for (const path of paths) {
    const name = basename(path).replace(/\.safetensors$/i, '')
    const lora = await readLora(path).catch((error: unknown) => refused(`the LoRA "${name}" is left out`, error, warn))
    if (!lora) continue
    if (loras.has(name)) {
      warn(`the LoRA "${name}" is there twice; the one in ${loras.get(name)} is taken`)
      continue
    }
    loras.set(name, path)
    entries.push(entryOf(name, lora, targets))
  }
  return { entries, loras }
}

function entryOf(
  name: string,
  lora: Lora,
  targets: readonly (Taker & { target: ReturnType<typeof loraTarget> })[],
): AdapterEntry {
  const { family } = lora
  const made = family === null ? null : family.value === 'other' ? family.label : family.value
  const unfit: AdapterEntry['unfit'] = {}
  for (const { id, target } of targets) {
    // Of another family is said from the families alone.
    if (made !== null && made !== target.family.value.replace('sdxl-refiner', 'sdxl')) continue
    try {
      fitLora(lora, target)
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
      unfit[id] = `${name}: ${error.message}`
    }
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
