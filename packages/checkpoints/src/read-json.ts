import { readFile, stat } from 'node:fs/promises'
import { CheckpointError } from './errors.ts'

export type JsonObject = Record<string, unknown>

/** Indexes of the largest sharded models have less than 1 MB. */
const longest = 25_000_000

/**
 * A JSON object from beside the weights; null if there is no such file.
 *
 * @param name how errors call it
 * @throws CheckpointError if it is something else
 */
export async function readJsonObject(path: string, name: string): Promise<JsonObject | null> {
  let text: string
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size > longest)
      throw new CheckpointError(`${name} is no file of JSON, or too long for one.`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof CheckpointError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new CheckpointError(`${name} cannot be read.`)
  }
  let value: unknown
  try {
    // Python writes numbers that JSON does not have, as diffusers' `lambda_min_clipped: -Infinity`.
    value = JSON.parse(text.replace(/([:,[]\s*)-?(?:Infinity|NaN)(?=\s*[,}\]])/g, '$1null'))
  } catch {
    throw new CheckpointError(`${name} is no JSON.`)
  }
  if (!isObject(value)) throw new CheckpointError(`${name} is no JSON object.`)
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
