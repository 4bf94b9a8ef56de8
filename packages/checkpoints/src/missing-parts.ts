import type { Family } from './architecture.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { CheckpointPart } from './split-parts.ts'
import type { Weights } from './weights.ts'

const names: Record<Family, string> = { sd1: 'SD 1.x', sd2: 'SD 2.x', sdxl: 'SDXL', 'sdxl-refiner': 'the SDXL refiner' }

const vaeFile: Record<Family, string> = {
  sd1: 'vae-ft-mse-840000-ema-pruned.safetensors',
  sd2: 'vae-ft-mse-840000-ema-pruned.safetensors',
  sdxl: 'sdxl_vae.safetensors',
  'sdxl-refiner': 'sdxl_vae.safetensors',
}

/** The text encoders of each family. */
const encodersOf: Record<Family, readonly ('text_encoder' | 'text_encoder_2')[]> = {
  sd1: ['text_encoder'],
  sd2: ['text_encoder'],
  sdxl: ['text_encoder', 'text_encoder_2'],
  'sdxl-refiner': ['text_encoder_2'],
}

/**
 * @param sidecar the name of the JSON file that may name other files
 * @returns what a model of the family needs and does not have, each with what to do
 */
export function missingParts(
  family: Family,
  weights: Partial<Record<CheckpointPart, Weights>>,
  sidecar: string,
): Checkpoint['missing'] {
  const missing: Checkpoint['missing'] = []
  const has = (part: CheckpointPart, name: string) => weights[part]?.has(name) === true
  if (!has('vae', 'encoder.conv_in.weight') || !has('vae', 'decoder.conv_in.weight')) {
    const what = weights.vae ? `only half of a VAE` : 'no VAE'
    const example = `as ${vaeFile[family]}, into the folder vae/ of MODELS_DIR`
    missing.push({
      part: 'vae',
      advice: `It has ${what}. Put one of ${names[family]}, ${example}, and name it in ${sidecar} beside it: {"vae": "FILE.safetensors"}.`,
    })
  }
  for (const part of encodersOf[family]) {
    if (weights[part]) continue
    const which =
      encodersOf[family].length > 1
        ? part === 'text_encoder'
          ? 'first text encoder (CLIP-L)'
          : 'second text encoder (OpenCLIP bigG)'
        : 'text encoder'
    const advice = `It has no ${which}. Put a whole checkpoint of ${names[family]} beside it, and name it in ${sidecar}: {"${part}": "FILE.safetensors"}; its encoder is taken.`
    missing.push({ part, advice })
  }
  return missing
}
