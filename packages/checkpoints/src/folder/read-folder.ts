import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckpointError } from '../errors.ts'
import { textNames } from '../names/text-names.ts'
import { vaeNames } from '../names/vae-names.ts'
import { type JsonObject, readJsonObject } from '../read-json.ts'
import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import { readSharded, type WeightFiles } from '../safetensors/read-sharded.ts'
import { type CheckpointPart, type Parts, partNames } from '../split-parts.ts'
import type { Tensor } from '../weights.ts'
import { checkConfig } from './check-configs.ts'

/** A diffusers folder whose parts are safetensors. */
interface WeightsFolder extends Parts {
  files: SafetensorsFile[]
  configs: Partial<Record<CheckpointPart | 'model_index' | 'scheduler', JsonObject>>
}

/** How diffusers and transformers call their weights. Where both exist, the full ones come before the halved. */
const fileNames = ['diffusion_pytorch_model', 'model'].flatMap((name) => [
  { single: `${name}.safetensors`, index: `${name}.safetensors.index.json` },
  { single: `${name}.fp16.safetensors`, index: `${name}.safetensors.index.fp16.json` },
])

/** @throws CheckpointError with what is missing or wrong */
export async function readWeightsFolder(dir: string): Promise<WeightsFolder> {
  const index = await readJsonObject(join(dir, 'model_index.json'), 'model_index.json')
  if (!index)
    throw new CheckpointError('The folder has no model_index.json: it is no model in the layout of diffusers.')
  const scheduler = await readJsonObject(
    join(dir, 'scheduler/scheduler_config.json'),
    'scheduler/scheduler_config.json',
  )
  const folder: WeightsFolder = {
    weights: {},
    openClip: [],
    unknown: [],
    files: [],
    configs: { model_index: index, ...(scheduler ? { scheduler } : {}) },
  }
  for (const part of partNames) {
    const found = await readPart(join(dir, part)).catch((error) => {
      throw error instanceof CheckpointError ? new CheckpointError(`${part}: ${error.message}`) : error
    })
    if (!found) continue
    const { weights, unknown } = namesOf(part, found)
    folder.weights[part] = weights
    folder.unknown.push(...unknown.map((name) => `${part}: ${name}`))
    folder.files.push(...found.files)
    const config = await readJsonObject(join(dir, part, 'config.json'), `${part}/config.json`)
    if (!config) continue
    checkConfig(part, config)
    folder.configs[part] = config
  }
  return folder
}

/** @returns the part's weights, or null if the folder has none as safetensors */
async function readPart(dir: string): Promise<WeightFiles | null> {
  const there = new Set(await readdir(dir).catch((): string[] => []))
  for (const { single, index } of fileNames) {
    if (there.has(single)) {
      const file = await readSafetensors(join(dir, single))
      return { tensors: file.tensors, files: [file] }
    }
    if (there.has(index)) return readSharded(join(dir, index))
  }
  return null
}

function namesOf(part: CheckpointPart, { tensors }: WeightFiles): { weights: Map<string, Tensor>; unknown: string[] } {
  if (part === 'unet') return { weights: tensors, unknown: [] }
  return part === 'vae' ? vaeNames(tensors) : textNames(tensors)
}
