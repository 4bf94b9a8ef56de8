import { basename } from 'node:path'
import { type Checkpoint, countDtypes, type GraphName } from '@pentimento/checkpoints'
import type { ModelDescription } from './description.ts'
import { families } from './families.ts'
import type { LatentSpace } from './latent-space.ts'
import { parseManifest } from './manifest.ts'
import { cardLicence } from './model-card.ts'

/**
 * What is known of a model of safetensors before its graphs are written, whole or not. `parts` are those of the files,
 * `maxClipSkip` is open.
 */
export async function describeWeights(checkpoint: Checkpoint, latents: LatentSpace): Promise<ModelDescription> {
  const { family, layout, missing, path, prediction, unet, weights } = checkpoint
  const { sizes, ...stated } = parseManifest(checkpoint.manifest, latents, checkpoint.sidecarName)
  const id = layout === 'file' ? basename(path).replace(/\.safetensors$/i, '') : basename(path)
  const named = (['unet', 'text_encoder', 'text_encoder_2'] as const).filter((name) => weights[name])
  const bytes = (name: (typeof named)[number]) =>
    [...(weights[name]?.values() ?? [])].reduce((sum, { length }) => sum + length, 0)
  return {
    id,
    family: family.value,
    title: id,
    licence: layout === 'folder' ? await cardLicence(path) : null,
    nativeSize: families[family.value].nativeSize,
    sizes: { min: sizes?.min ?? 64, max: sizes?.max ?? 2048, multiple: sizes?.multiple ?? latents.factor },
    defaults: {},
    previews: latents.previews,
    parts: Object.fromEntries(named.map((name) => [name, bytes(name)])),
    exporterEra: layout === 'file' ? 'single file' : 'diffusers weights',
    dtypes: Object.fromEntries(named.map((name) => [name, storedType(checkpoint, name)])),
    isInpaintModel: unet.channels === 9,
    prediction: prediction.value ?? 'v',
    told: {
      family: family.told,
      prediction: prediction.told,
      ...(checkpoint.defaultsTold === null ? {} : { defaults: checkpoint.defaultsTold }),
      ...(checkpoint.headsTold === null ? {} : { heads: checkpoint.headsTold }),
      ...(checkpoint.unknown.length === 0 ? {} : { unread: checkpoint.unknown.slice(0, 5).join(', ') }),
    },
    ...(missing.length === 0 ? {} : { missing: missing.map(({ advice }) => advice) }),
    maxClipSkip: 1,
    ...stated,
  }
}

/** The formats that a part's numbers are stored in, the most frequent first. */
export function storedType({ weights }: Checkpoint, name: GraphName): string {
  const part = name === 'vae_encoder' || name === 'vae_decoder' ? 'vae' : name
  return Object.keys(countDtypes(weights[part] ?? new Map())).join(' and ')
}
