import { quote } from '../errors.ts'
import type { Recognised } from './kind.ts'

/** Models that are no Stable Diffusion 1, 2 or XL, each by a name that no other has. */
const architectures: readonly (readonly [string, RegExp])[] = [
  ['a Stable Diffusion 3 model', /(^|\.)joint_blocks\.0\.context_block\.attn\.qkv\.weight$/],
  ['a Flux.2 model', /(^|\.)double_stream_modulation_img\.lin\.weight$/],
  ['a Chroma model', /(^|\.)distilled_guidance_layer\./],
  ['a Flux model', /(^|\.)double_blocks\.0\.img_attn\.(norm\.key_norm\.scale|qkv\.weight)$/],
  ['an AuraFlow model', /(^|\.)double_layers\.0\.attn\.w1q\.weight$/],
  ['a Z-Image or Lumina model', /(^|\.)cap_embedder\.[01]\.weight$/],
  ['a Qwen-Image model', /(^|\.)transformer_blocks\.0\.img_mod\.1\.weight$/],
  ['a transformer of the hub (PixArt, SD 3, Flux or the like)', /^transformer_blocks\.0\.(attn|attn1)\./],
  [
    'a video model',
    /(^|\.)(motion_modules|time_stack|temporal_transformer)\.|(^|\.)patch_embedding\.weight$|(^|\.)head\.modulation$/,
  ],
  ['a Stable Cascade model', /(^|\.)clip_txt_mapper\.weight$/],
  ['an unCLIP model, which wants a picture beside the prompt,', /^(embedder\.model\.visual|noise_augmentor)\./],
]

/** @returns the architecture by its name, if it is one that is known and not supported */
export function otherArchitecture(names: readonly string[]): Recognised | null {
  for (const [what, pattern] of architectures) {
    const name = names.find((candidate) => pattern.test(candidate))
    if (name === undefined) continue
    return {
      kind: 'unsupported',
      what: `${what}; only Stable Diffusion 1.x, 2.x and XL are supported`,
      told: `it has ${quote(name)}`,
    }
  }
  return null
}
