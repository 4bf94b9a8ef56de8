import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { kindFolders } from '@pentimento/checkpoints'
import type { ModelEntry } from '@pentimento/contracts'
import { describeModel, IncompleteModel, type ModelDescription, PipelineError } from '@pentimento/pipeline'
import type { Config } from '../config.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { toModelEntry } from './model-entry.ts'

/** A model that this worker runs. */
export interface ServedModel {
  ref: ModelRef
  description: ModelDescription
  entry: ModelEntry
}

export interface FoundModels {
  /** By id: the folder's name, or the file's without `.safetensors`. */
  models: Map<string, ServedModel>
  /** The one that is loaded at start. */
  default: ServedModel
  /** What is there and lacks a part: it is shown, and cannot be run. */
  incomplete: ModelEntry[]
}

/**
 * Reads every model that is to be served, folders and single files. One that cannot be run is passed over with a
 * warning, unless `MODELS` asks for it by name.
 *
 * @throws Error when a named model or any model at all is missing
 */
export async function findModels(config: Config['models'], warn: (message: string) => void): Promise<FoundModels> {
  const paths = await modelPaths(config)
  const wanted = config.only ?? [...paths.keys()]
  const models = new Map<string, ServedModel>()
  const incomplete: ModelEntry[] = []
  for (const id of wanted) {
    const path = paths.get(id)
    if (!path)
      throw new Error(
        `MODELS names "${id}", but there is no such model; there are: ${[...paths.keys()].join(', ') || 'none'}`,
      )
    try {
      models.set(id, await readServed(id, path))
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error
      if (config.only) throw new Error(`MODELS names "${id}", which cannot be run: ${error.message}`)
      if (error instanceof IncompleteModel) incomplete.push(toModelEntry(id, error.description))
      warn(`the model "${id}" is left out: ${error.message}`)
    }
  }
  const [first] = models.values()
  if (!first) {
    throw new Error(
      `no model was found: put a .safetensors file or a model's folder into ${config.dir}, or set MODELS_DIR to where your models are`,
    )
  }
  const builtin = config.builtinDir ? models.get(basename(config.builtinDir)) : undefined
  const preset = config.default === null ? (builtin ?? first) : models.get(config.default)
  // Another worker may serve the deployment's default: this one then warms up what it has.
  if (!preset) warn(`DEFAULT_MODEL "${config.default}" is not served here; "${first.ref.id}" is loaded first instead`)
  return { models, default: preset ?? first, incomplete }
}

/** Folders of files that models take, each named for their kind. */
const folderNames: readonly string[] = Object.values(kindFolders)

/**
 * Every model's path by its id, of those that lie in the folder and the built-in one. A folder comes before a file of
 * the same name, and both before the built-in model. Folders of what models take are passed over, and what begins with
 * a dot.
 */
export async function modelPaths({
  dir,
  builtinDir,
}: Pick<Config['models'], 'dir' | 'builtinDir'>): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  if (builtinDir && (await isFolder(builtinDir))) found.set(basename(builtinDir), builtinDir)
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new Error(`MODELS_DIR ${dir} cannot be read (${error.code})`, { cause: error })
  })
  const shown = names.filter((name) => !name.startsWith('.')).toSorted((a, b) => a.localeCompare(b))
  const folders: string[] = []
  for (const name of shown) if (!folderNames.includes(name) && (await isFolder(join(dir, name)))) folders.push(name)
  // Of a .ckpt the log says how to convert it.
  const files = shown.filter((name) => /\.(safetensors|ckpt)$/i.test(name) && !folders.includes(name))
  for (const name of files) found.set(name.replace(/\.safetensors$/i, ''), join(dir, name))
  for (const name of folders) found.set(name, join(dir, name))
  return found
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}

/** Reads a model again whose file has changed: what is said of it from now on is what the new file says. */
export async function readAgain({ models }: FoundModels, id: string, warn: (message: string) => void): Promise<void> {
  const served = models.get(id)
  if (!served) return
  try {
    models.set(id, await readServed(id, served.ref.dir))
  } catch (error) {
    warn(`the changed model "${id}" could not be read: ${error instanceof Error ? error.message : error}`)
  }
}

async function readServed(id: string, path: string): Promise<ServedModel> {
  const description = await describeModel(path)
  const bytes = Object.values(description.parts).reduce((sum, part) => sum + part, 0)
  return { ref: { id, dir: path, bytes }, description, entry: toModelEntry(id, description) }
}
