import { basename, join } from 'node:path'
import type { WeightFile } from '@pentimento/checkpoints'
import type { Semantics } from '@pentimento/vocabulary'
import { readFinalNorm } from '../onnx/final-norm.ts'
import type { Warning } from '../request.ts'
import { defaultSchedulerConfig, readSchedulerConfig, type SchedulerConfig } from '../schedules/scheduler-config.ts'
import type { HeldReference } from './chosen-reference.ts'
import type { ModelDescription, PartName } from './description.ts'
import { detectFamily } from './detect-family.ts'
import { type Family, families } from './families.ts'
import type { LatentSpace } from './latent-space.ts'
import { parseManifest } from './manifest.ts'
import { cardLicence } from './model-card.ts'
import { booleanAt, numberAt, readJson } from './read-json.ts'
import { type ModelPart, readPart, requirePart, requireTokenizer } from './read-part.ts'
import {
  checkVae,
  encoderOutput,
  exporterEra,
  isInpaintUnet,
  sizeMultiple,
  type UnetSignature,
  unetSignature,
} from './signature.ts'
import { type SizeConditioning, sizeConditionings, sizeCount } from './size-conditioning.ts'
import type { TextLayout } from './text-layout.ts'
import {
  checkText,
  encodersOf,
  hiddenStates,
  lastHiddenState,
  type TextSignature,
  textParts,
  textSignature,
} from './text-signature.ts'
import { unusable } from './unusable.ts'

/** A model's folder, read but not loaded: everything that decides how it is run. */
export interface ModelFolder {
  dir: string
  description: ModelDescription
  family: Family
  parts: Partial<Record<PartName, ModelPart>> & Record<'unet' | 'vae_encoder' | 'vae_decoder', ModelPart>
  unet: UnetSignature
  /** Of the text encoders that the folder has. */
  texts: Partial<Record<(typeof textParts)[number], TextSignature>>
  scheduler: SchedulerConfig
  /** Nothing says what the UNet predicts: a run tells. */
  predictionIsOpen: boolean
  latents: LatentSpace
  /** Whether an empty negative prompt is zeros instead of its encoding. diffusers reads it from model_index.json. */
  zeroEmptyNegative: Record<Semantics, boolean>
  /** The VAE encoder draws a sample by itself instead of giving mean and variance. */
  samplesInEncoder: boolean
  /** What the UNet is told of the picture's size; null if nothing. */
  sizes: SizeConditioning | null
  /** Where each text encoder's tokenizer comes from. */
  tokenizers: Partial<Record<(typeof textParts)[number], TokenizerSource>>
  /** Of safetensors, as they were when they were read: people replace them while a worker runs. */
  files: WeightFile[]
  /** What whoever paints with it is to know. */
  warnings: Warning[]
  /** The IP-Adapter that stands beside its UNet. */
  reference?: HeldReference
}

/** A folder, which errors call `name`; or CLIP's own tokenizer, with what fills up a chunk. */
export type TokenizerSource = { dir: string; name: string } | { clipPad: '<|endoftext|>' | '!' }

/** The folder of each text encoder's tokenizer. */
export const tokenizerOf = { text_encoder: 'tokenizer', text_encoder_2: 'tokenizer_2' } as const
const requiredParts = ['unet', 'vae_encoder', 'vae_decoder'] as const

/** Reads a diffusers-layout ONNX folder. @throws model_unusable with what is missing or cannot work. */
export async function readFolder(dir: string): Promise<ModelFolder> {
  const json = (name: string) => readJson(join(dir, name), name)
  const index = await json('model_index.json')
  if (!index) {
    throw unusable('The folder has no model_index.json: it is not an ONNX export in the layout of diffusers.')
  }
  const schedulerJson = await json('scheduler/scheduler_config.json')
  const scheduler = schedulerJson ? readSchedulerConfig(schedulerJson) : defaultSchedulerConfig
  const vae = (await json('vae_decoder/config.json')) ?? (await json('vae_encoder/config.json'))
  const required = await Promise.all(requiredParts.map((name) => requirePart(dir, name)))
  const optional = await Promise.all(textParts.map((name) => readPart(dir, name)))
  const parts: ModelFolder['parts'] = { unet: required[0], vae_encoder: required[1], vae_decoder: required[2] }
  textParts.forEach((name, i) => {
    const part = optional[i]
    if (part) parts[name] = part
  })
  const unet = unetSignature(parts.unet.graph)
  const family = detectFamily(parts, unet, scheduler, await json('text_encoder/config.json'))
  const facts = families[family]
  const { sizes, ...stated } = parseManifest(await json('pentimento.json'), facts.latents, 'pentimento.json')
  const texts: ModelFolder['texts'] = {}
  const tokenizers: ModelFolder['tokenizers'] = {}
  for (const name of textParts) {
    const part = parts[name]
    if (!part) continue
    const tokenizer = tokenizerOf[name]
    await requireTokenizer(dir, tokenizer)
    tokenizers[name] = { dir: join(dir, tokenizer), name: tokenizer }
    const said = await Promise.all([json(`${tokenizer}/tokenizer_config.json`), json(`${name}/config.json`)])
    texts[name] = textSignature(name, part.graph, ...said, facts.text)
  }
  checkText(unet, facts.text, encodersOf(parts, texts))
  const scale = numberAt(vae, 'scaling_factor') ?? facts.latents.scale
  if (scale <= 0) throw unusable(`The VAE's config.json has a scaling_factor of ${scale}.`)
  checkVae(parts.vae_encoder.graph, parts.vae_decoder.graph, facts.latents)
  if (facts.readsLatentsMean && (vae?.latents_mean ?? vae?.latents_std ?? null) !== null) {
    throw unusable("The VAE's config.json has latents_mean and latents_std, which are not supported.")
  }
  const custom = Object.values(parts).some((part) => part.graph.customOperators.size > 0)
  const entries = Object.entries(parts) as [PartName, ModelPart][]
  return {
    dir,
    parts,
    unet,
    texts,
    scheduler,
    predictionIsOpen: false,
    samplesInEncoder: encoderOutput(parts.vae_encoder.graph, facts.latents).kind === 'sample',
    latents: { ...facts.latents, scale },
    family: facts,
    sizes: sizeConditioning(unet, booleanAt(index, 'requires_aesthetics_score')),
    zeroEmptyNegative: zeroEmptyNegative(facts, booleanAt(index, 'force_zeros_for_empty_prompt')),
    tokenizers,
    files: [],
    warnings: [],
    description: {
      id: basename(dir),
      family,
      title: basename(dir),
      licence: await cardLicence(dir),
      nativeSize: facts.nativeSize,
      sizes: {
        min: sizes?.min ?? 64,
        max: sizes?.max ?? 2048,
        multiple: sizes?.multiple ?? sizeMultiple(parts.unet.graph.producers.values(), facts.latents),
      },
      defaults: {},
      previews: facts.latents.previews,
      parts: Object.fromEntries(entries.map(([name, part]) => [name, part.bytes])),
      exporterEra: exporterEra(parts.unet.graph, parts.vae_encoder.graph, facts.latents, custom),
      dtypes: Object.fromEntries(entries.map(([name, part]) => [name, part.graph.inputs[0]?.type ?? 'undefined'])),
      isInpaintModel: isInpaintUnet(unet, facts.latents),
      prediction: scheduler.prediction,
      maxClipSkip: maxClipSkip(parts, facts.text),
      ...stated,
    },
  }
}

/** By what it takes where the folder does not say whether it asks for an aesthetic score. */
export function sizeConditioning(
  { timeIds }: UnetSignature,
  isAesthetic: boolean | undefined,
): SizeConditioning | null {
  if (!timeIds) return null
  const { aesthetic, target } = sizeConditionings
  const needsScore = isAesthetic ?? timeIds.count === sizeCount(aesthetic)
  const facts = needsScore ? aesthetic : target
  if (timeIds.count === null || timeIds.count === sizeCount(facts)) return facts
  const asked = `requires_aesthetics_score ${needsScore}`
  throw unusable(
    `The UNet takes ${timeIds.count} numbers as time_ids, which does not go with ${asked} in model_index.json.`,
  )
}

export function zeroEmptyNegative({ text }: Family, asked: boolean | undefined): ModelFolder['zeroEmptyNegative'] {
  const usual = text.zeroEmptyNegative
  return usual ? { ...usual, diffusers: asked ?? usual.diffusers } : { a1111: false, diffusers: false }
}

/**
 * As many as there are before the layer that is read anyway, and none where the norm that an earlier one needs is not
 * to be had.
 */
export function maxClipSkip({ text_encoder, text_encoder_2 }: ModelFolder['parts'], { layer }: TextLayout): number {
  const encoders = [text_encoder, text_encoder_2].filter((part) => part !== undefined)
  const layers = Math.min(...encoders.map((part) => hiddenStates(part.graph).length))
  const hasNorm = ({ graph, file }: ModelPart) => readFinalNorm(graph, file, lastHiddenState(graph)) !== null
  const canRead = !layer.isNormalised || encoders.every(hasNorm)
  return canRead ? Math.max(1, layers - layer.fromEnd) : 1
}
