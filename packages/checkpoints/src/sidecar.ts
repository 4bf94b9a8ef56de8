import { CheckpointError, quote } from './errors.ts'
import { isObject, type JsonObject } from './read-json.ts'
import type { CheckpointPart } from './split-parts.ts'

/**
 * What a JSON file beside the weights corrects. It is written by whoever put them there, and holds against all that is
 * told from the file.
 */
export interface Sidecar {
  prediction?: Prediction
  /** Files that parts are taken from instead. */
  parts: Partial<Record<Exclude<CheckpointPart, 'unet'>, string>>
  heads: Heads
  /** All of it, for those who know further members: title, licence, native_size, defaults. */
  json: JsonObject
}

export type Prediction = 'epsilon' | 'v'

/**
 * Attention heads where they are stated: of the UNet for all levels or for each one down, of a text encoder for all
 * layers.
 */
export interface Heads {
  unet?: number | readonly number[]
  text_encoder?: number
  text_encoder_2?: number
}

/**
 * @param name the sidecar's file name, as errors call it
 * @throws CheckpointError naming the member that makes no sense
 */
export function parseSidecar(json: JsonObject | null, name: string): Sidecar {
  if (!json) return { parts: {}, heads: {}, json: {} }
  const wrong = (member: string, wanted: string) => new CheckpointError(`${name}: ${member} is to be ${wanted}.`)
  const parts: Sidecar['parts'] = {}
  for (const part of ['vae', 'text_encoder', 'text_encoder_2'] as const) {
    const file = json[part]
    if (file === undefined) continue
    // A name, not a way: a sidecar that came with a download leads nowhere else.
    if (typeof file !== 'string' || !/^[^/\\:]+\.safetensors$/.test(file) || file.startsWith('.')) {
      throw wrong(part, 'the name of a .safetensors file, without folders')
    }
    parts[part] = file
  }
  const { heads = {}, prediction } = json
  if (!isObject(heads)) throw wrong('heads', 'an object of "unet", "text_encoder" and "text_encoder_2"')
  const stated: Heads = {}
  if (heads.unet !== undefined) {
    const { unet } = heads
    if (Array.isArray(unet) && unet.length > 0 && unet.every(isCount)) stated.unet = unet
    else if (isCount(unet)) stated.unet = unet
    else throw wrong('heads.unet', 'a whole number, or one for each level')
  }
  for (const part of ['text_encoder', 'text_encoder_2'] as const) {
    const count = heads[part]
    if (count === undefined) continue
    if (!isCount(count)) throw wrong(`heads.${part}`, 'a whole number')
    stated[part] = count
  }
  const known = prediction === undefined ? undefined : predictionNamed(prediction)
  if (known === null) throw wrong('prediction', `"epsilon" or "v", and not ${quote(String(prediction))}`)
  return { parts, heads: stated, json, ...(known === undefined ? {} : { prediction: known }) }
}

/** diffusers' word and that of other tools' metadata; null for what is neither. */
export function predictionNamed(word: unknown): Prediction | null {
  if (word === 'epsilon' || word === 'eps') return 'epsilon'
  return word === 'v' || word === 'v_prediction' || word === 'v-prediction' ? 'v' : null
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
