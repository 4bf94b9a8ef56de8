import type { Family, Told } from '../architecture.ts'
import { quote } from '../errors.ts'
import type { SafetensorsFile } from '../safetensors/read-safetensors.ts'

/** What a LoRA was made for: one of ours, or another architecture by its name. */
export type LoraFamily = Told<Family | 'other'> & { label: string }

const labels: Record<Family, string> = {
  sd1: 'SD 1.x',
  sd2: 'SD 2.x',
  sdxl: 'SDXL',
  'sdxl-refiner': 'the SDXL refiner',
}

export function familyLabel(family: Family): string {
  return labels[family]
}

/** Names that only one architecture has. */
const otherNames: readonly (readonly [string, RegExp])[] = [
  ['Flux', /(^|[._])(double_blocks|single_blocks|single_transformer_blocks)[._]/],
  ['Stable Diffusion 3', /(^|[._])joint_blocks[._]/],
  [
    'a model with a transformer in the place of its UNet',
    /^(transformer\.|lora_transformer_|base_model\.model\.transformer)/,
  ],
  ['a video model', /(^|[._])(motion_modules|temporal_transformer|time_stack)[._]/],
  ['Stable Cascade', /^lora_prior_/],
]

const metadataRules: readonly (readonly [string, RegExp, Family])[] = [
  ['ss_base_model_version', /^sdxl/i, 'sdxl'],
  ['ss_base_model_version', /^sd_v?1/i, 'sd1'],
  ['ss_base_model_version', /^sd_v?2/i, 'sd2'],
  ['modelspec.architecture', /^stable-diffusion-xl/i, 'sdxl'],
  ['modelspec.architecture', /^stable-diffusion-v1/i, 'sd1'],
  ['modelspec.architecture', /^stable-diffusion-v2/i, 'sd2'],
]

/**
 * SD 1.x and 2.x attend at the finest level, and SDXL does not; SDXL has several blocks where the others have one, and
 * a second text encoder.
 */
const finest =
  /(down_blocks[._]0|up_blocks[._]3)[._]attentions|(input_blocks[._][12]|output_blocks[._](9|10|11))[._]1[._]/
const several = /transformer_blocks[._][1-9]/
const secondText = /^(lora_te2_|text_encoder_2\.)/

/** From structure, then from what its trainer wrote; widths only tell SD 1.x from 2.x. Null where nothing tells. */
export function loraFamily({ tensors, metadata }: SafetensorsFile): LoraFamily | null {
  const names = [...tensors.keys()]
  const named = (pattern: RegExp) => names.find((name) => pattern.test(name))
  for (const [label, pattern] of otherNames) {
    const name = named(pattern)
    if (name !== undefined) return { value: 'other', label, told: `it has ${quote(name)}` }
  }
  const found = (value: Family, told: string): LoraFamily => ({ value, label: labels[value], told })
  const xl = named(secondText) ?? named(several)
  if (xl !== undefined) return found('sdxl', `it has ${quote(xl)}`)
  const attends = named(finest)
  if (attends !== undefined) {
    const isFlat = names.some(
      (name) => /proj_in.*(down|lora_A|hada_w1_b)/.test(name) && tensors.get(name)?.shape.length === 4,
    )
    const width = contextWidth(names, tensors)
    if (isFlat || width === 768)
      return found('sd1', isFlat ? 'its projections are convolutions' : 'it reads 768 numbers a token')
    if (width === 1024) return found('sd2', 'it reads 1024 numbers a token')
  }
  for (const [key, pattern, family] of metadataRules)
    if (pattern.test(metadata.get(key) ?? '')) return found(family, `its metadata say so (${key})`)
  if (metadata.get('ss_v2') === 'True') return found('sd2', 'its metadata say so (ss_v2)')
  return null
}

/** Numbers of the text for each token, as its layers for keys and values read them. */
function contextWidth(names: readonly string[], tensors: SafetensorsFile['tensors']): number | undefined {
  const name = names.find((one) => /attn2[._](processor\.)?to_[kv]\b.*(down|lora_A|hada_w1_b)/.test(one))
  return name === undefined ? undefined : tensors.get(name)?.shape[1]
}
