import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { checkVaeFactor, familyOf, textFacts, unetFacts } from './architecture.ts'
import { headWidth } from './blocks/shapes.ts'
import { checkDtypes } from './check-dtypes.ts'
import type { Activation, Checkpoint } from './checkpoint.ts'
import { distilledDefaults } from './distillation.ts'
import { CheckpointError } from './errors.ts'
import { readWeightsFolder } from './folder/read-folder.ts'
import { recognise } from './kinds/recognise.ts'
import { whyNoCheckpoint } from './kinds/why-no-checkpoint.ts'
import { manifestOf } from './manifest.ts'
import { missingParts } from './missing-parts.ts'
import { replaceParts } from './other-parts.ts'
import { familyScheduler, predictionOf } from './prediction.ts'
import { type JsonObject, readJsonObject } from './read-json.ts'
import { readSafetensors, type SafetensorsFile } from './safetensors/read-safetensors.ts'
import { type Heads, parseSidecar, type Sidecar } from './sidecar.ts'
import { type Parts, splitParts } from './split-parts.ts'

/** A model as it lies there: a single file or a folder, taken apart. */
interface Source {
  layout: Checkpoint['layout']
  /** The file's name without its extension, or the folder's. */
  name: string
  parts: Parts
  files: SafetensorsFile[]
  configs: Partial<Record<string, JsonObject>>
  sidecar: Sidecar
  sidecarName: string
}

/**
 * Reads a Stable Diffusion checkpoint: a single safetensors file in LDM's layout, or a folder in diffusers' layout
 * whose parts are safetensors. Headers and JSON are read, no weights. `NAME.json` beside a file, and `pentimento.json`
 * in a folder, correct what is told.
 *
 * @throws CheckpointError with what the file is instead, or what is wrong with it. That a part is missing is no error
 * here.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const source = isFolder ? await folderSource(resolve(path)) : await fileSource(resolve(path))
  const { parts, configs, sidecar, files } = source
  if (!parts.weights.unet) throw new CheckpointError('It has no UNet: there are no weights in unet/.')
  const folder = dirname(resolve(path))
  files.push(...(await replaceParts(parts, sidecar, folder)))
  checkDtypes(parts.weights)
  checkVaeFactor(parts.weights.vae)
  const unet = unetFacts(parts.weights.unet)
  const texts: Checkpoint['texts'] = {}
  for (const part of ['text_encoder', 'text_encoder_2'] as const) {
    const weights = parts.weights[part]
    if (weights) texts[part] = { ...textFacts(weights, part), activation: activationOf(part, parts, configs[part]) }
  }
  const family = familyOf(unet, texts)
  const heads = headsOf(sidecar, configs)
  // A folder's files hold no markers.
  const names = new Set(source.layout === 'file' ? (files[0]?.tensors.keys() ?? []) : [])
  const metadata = source.layout === 'file' ? (files[0]?.metadata ?? new Map()) : new Map()
  const prediction = predictionOf(family.value, unet, {
    sidecar,
    sidecarName: source.sidecarName,
    metadata,
    names,
    scheduler: configs.scheduler ?? null,
  })
  const distilled = distilledDefaults(unet, [source.name, metadata.get('modelspec.title') ?? ''])
  const stated = sidecar.prediction ? { prediction_type: sidecar.prediction === 'v' ? 'v_prediction' : 'epsilon' } : {}
  return {
    path: resolve(path),
    layout: source.layout,
    sidecarName: source.sidecarName,
    family,
    weights: parts.weights,
    unet,
    texts,
    heads,
    headsTold: headsTold(texts, heads, source.sidecarName),
    prediction,
    scheduler: configs.scheduler
      ? { ...configs.scheduler, ...stated }
      : familyScheduler(family.value, prediction.value, names),
    configs: { model_index: configs.model_index ?? {}, vae: configs.vae ?? {} },
    manifest: manifestOf({
      family: family.value,
      prediction: prediction.value,
      name: source.name,
      metadata,
      config: configs.unet ?? null,
      distilled: distilled?.value ?? null,
      sidecar,
    }),
    defaultsTold: sidecar.json.defaults ? 'the JSON file beside it says so' : (distilled?.told ?? null),
    missing: missingParts(family.value, parts.weights, source.sidecarName),
    unknown: parts.unknown,
    files: files.map(({ path: file, size, modified }) => ({ path: file, size, modified })),
  }
}

async function fileSource(path: string): Promise<Source> {
  const file = await readSafetensors(path)
  const recognised = recognise(file.tensors)
  if (recognised.kind !== 'checkpoint') throw new CheckpointError(whyNoCheckpoint(recognised))
  const name = basename(path).replace(/\.safetensors$/i, '')
  const sidecarName = `${name}.json`
  const json = await readJsonObject(join(dirname(path), sidecarName), sidecarName)
  return {
    layout: 'file',
    name,
    parts: splitParts(file.tensors),
    files: [file],
    configs: {},
    sidecar: parseSidecar(json, sidecarName),
    sidecarName,
  }
}

async function folderSource(dir: string): Promise<Source> {
  const { configs, files, ...parts } = await readWeightsFolder(dir)
  const sidecarName = 'pentimento.json'
  const json = await readJsonObject(join(dir, sidecarName), sidecarName)
  return {
    layout: 'folder',
    name: basename(dir),
    parts,
    files,
    configs,
    sidecar: parseSidecar(json, sidecarName),
    sidecarName,
  }
}

/** OpenCLIP's encoders, and all second ones, have the plain one. */
function activationOf(
  part: 'text_encoder' | 'text_encoder_2',
  { openClip }: Parts,
  config: JsonObject | undefined,
): Activation {
  if (config?.hidden_act === 'gelu' || config?.hidden_act === 'quick_gelu') return config.hidden_act
  return part === 'text_encoder_2' || openClip.includes(part) ? 'gelu' : 'quick_gelu'
}

/** No real encoder is so narrow; those of tests are. */
function headsTold(texts: Checkpoint['texts'], heads: Heads, sidecarName: string): string | null {
  const guessed = (['text_encoder', 'text_encoder_2'] as const).filter(
    (part) => heads[part] === undefined && (texts[part]?.width ?? 0) % headWidth !== 0,
  )
  if (guessed.length === 0) return null
  const example = JSON.stringify({ heads: Object.fromEntries(guessed.map((part) => [part, 1])) })
  return `${guessed.join(' and ')} by a guess, as nothing says them and no whole number of ${headWidth} channels fits; state them in ${sidecarName}, as in ${example}`
}

/**
 * diffusers' `attention_head_dim` is the number of heads, whatever its name says, and 8 in a config that leaves it out.
 */
function headsOf(sidecar: Sidecar, configs: Source['configs']): Heads {
  const { unet } = configs
  const { heads } = parseSidecar(
    {
      heads: {
        unet: unet ? (unet.num_attention_heads ?? unet.attention_head_dim ?? 8) : undefined,
        text_encoder: configs.text_encoder?.num_attention_heads,
        text_encoder_2: configs.text_encoder_2?.num_attention_heads,
      },
    },
    'config.json',
  )
  return { ...heads, ...sidecar.heads }
}
