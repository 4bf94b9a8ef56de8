import { readFile } from 'node:fs/promises'
import { PipelineError } from '../errors.ts'

export type JsonObject = Record<string, unknown>

/**
 * A JSON object from a model's folder; null if there is no such file.
 * @throws model_unusable if it is something else.
 */
export async function readJson(path: string, name: string): Promise<JsonObject | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new PipelineError('model_unusable', `${name} cannot be read.`, { cause: error })
  }
  let value: unknown
  try {
    value = parsePythonJson(text)
  } catch (error) {
    throw new PipelineError('model_unusable', `${name} is no JSON.`, { cause: error })
  }
  if (!isObject(value)) throw new PipelineError('model_unusable', `${name} is no JSON object.`)
  return value
}

/**
 * Python writes numbers that JSON does not have, as diffusers `lambda_min_clipped: -Infinity`: such a one is null here.
 */
function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse(text.replace(/([:,[]\s*)-?(?:Infinity|NaN)(?=\s*[,}\]])/g, '$1null'))
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Readers of one member that give undefined for anything of another type, so that a default can follow with `??`. */
export const numberAt = (json: JsonObject | null, key: string): number | undefined => {
  const value = json?.[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export const stringAt = (json: JsonObject | null, key: string): string | undefined => {
  const value = json?.[key]
  return typeof value === 'string' ? value : undefined
}

export const booleanAt = (json: JsonObject | null, key: string): boolean | undefined => {
  const value = json?.[key]
  return typeof value === 'boolean' ? value : undefined
}

export const objectAt = (json: JsonObject | null, key: string): JsonObject | null => {
  const value = json?.[key]
  return isObject(value) ? value : null
}
