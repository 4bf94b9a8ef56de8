import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelEntry } from '@pentimento/contracts'
import { describeModel, type ModelDescription, PipelineError } from '@pentimento/pipeline'
import type { Config } from '../config.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { toModelEntry } from './model-entry.ts'

/** A model that this worker runs. */
export interface ServedModel {
  ref: ModelRef
  description: ModelDescription
  entry: ModelEntry
}

interface FoundModels {
  /** By id, which is the folder's name. */
  models: Map<string, ServedModel>
  /** The one that is loaded at start. */
  default: ServedModel
}

/**
 * Reads every model folder that is to be served. A folder that cannot be run is passed over with a warning, unless
 * `MODELS` asks for it by name.
 *
 * @throws Error when a named model or any model at all is missing
 */
export async function findModels(config: Config['models'], warn: (message: string) => void): Promise<FoundModels> {
  const dirs = await modelDirs(config)
  const wanted = config.only ?? [...dirs.keys()]
  const models = new Map<string, ServedModel>()
  for (const id of wanted) {
    const dir = dirs.get(id)
    if (!dir)
      throw new Error(
        `MODELS names "${id}", but there is no such folder; there are: ${[...dirs.keys()].join(', ') || 'none'}`,
      )
    try {
      models.set(id, await readModel(id, dir))
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error
      if (config.only) throw new Error(`MODELS names "${id}", which cannot be run: ${error.message}`)
      warn(`the model "${id}" is left out: ${error.message}`)
    }
  }
  const [first] = models.values()
  if (!first) {
    throw new Error(
      `no model was found: put one into a subfolder of ${config.dir}, or set MODELS_DIR to where your models are`,
    )
  }
  const builtin = config.builtinDir ? models.get(basename(config.builtinDir)) : undefined
  const preset = config.default === null ? (builtin ?? first) : models.get(config.default)
  // Another worker may serve the deployment's default: this one then warms up what it has.
  if (!preset) warn(`DEFAULT_MODEL "${config.default}" is not served here; "${first.ref.id}" is loaded first instead`)
  return { models, default: preset ?? first }
}

async function modelDirs({ dir, builtinDir }: Config['models']): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  if (builtinDir && (await isFolder(builtinDir))) found.set(basename(builtinDir), builtinDir)
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new Error(`MODELS_DIR ${dir} cannot be read (${error.code})`, { cause: error })
  })
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const path = join(dir, entry.name)
    const hidden = entry.name.startsWith('.')
    if (!hidden && (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path)))))
      found.set(entry.name, path)
  }
  return found
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}

async function readModel(id: string, dir: string): Promise<ServedModel> {
  const description = await describeModel(dir)
  const bytes = Object.values(description.parts).reduce((sum, part) => sum + part, 0)
  return { ref: { id, dir, bytes }, description, entry: toModelEntry(id, description) }
}
