import { dirname, join } from 'node:path'
import { CheckpointError, quote } from '../errors.ts'
import { isObject, readJsonObject } from '../read-json.ts'
import type { Tensor } from '../weights.ts'
import { readSafetensors, type SafetensorsFile } from './read-safetensors.ts'

/** One network's weights, in one file or several. */
export interface WeightFiles {
  tensors: Map<string, Tensor>
  files: SafetensorsFile[]
}

/**
 * Reads weights that are shared out among files by an index (`….safetensors.index.json`). The index names files of its
 * own folder; which tensors they hold is what they say themselves.
 *
 * @throws CheckpointError with what is missing or wrong
 */
export async function readSharded(indexPath: string): Promise<WeightFiles> {
  const index = await readJsonObject(indexPath, 'The index')
  const map = index?.weight_map
  if (!isObject(map)) throw new CheckpointError('The index has no weight_map.')
  const wanted = new Map<string, string>()
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[^/\\:]+\.safetensors$/.test(file)) {
      throw new CheckpointError(`The index names ${quote(String(file))}, which is no safetensors file in its folder.`)
    }
    wanted.set(name, file)
  }
  const tensors = new Map<string, Tensor>()
  const files: SafetensorsFile[] = []
  for (const name of new Set(wanted.values())) {
    const file = await readSafetensors(join(dirname(indexPath), name)).catch((error) => {
      throw error instanceof CheckpointError ? new CheckpointError(`${quote(name)}: ${error.message}`) : error
    })
    files.push(file)
    for (const [key, tensor] of file.tensors) {
      if (tensors.has(key)) throw new CheckpointError(`Two files of the index hold ${quote(key)}.`)
      tensors.set(key, tensor)
    }
  }
  const lost = [...wanted.keys()].find((name) => !tensors.has(name))
  if (lost !== undefined) throw new CheckpointError(`The index names ${quote(lost)}, which is in none of its files.`)
  return { tensors, files }
}
