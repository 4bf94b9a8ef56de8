import type { ChosenFile } from './hub-file.ts'

/** How diffusers and transformers call the weights of each part. */
const bases: Record<string, string> = {
  unet: 'diffusion_pytorch_model',
  vae: 'diffusion_pytorch_model',
  text_encoder: 'model',
  text_encoder_2: 'model',
}

/** Whether a folder in diffusers' layout has a UNet, a VAE and a text encoder as safetensors. */
export function hasWeights(inside: readonly ChosenFile[]): boolean {
  const has = (part: string) => weightsOf(inside, part, 'fp16') !== null
  return has('unet') && has('vae') && (has('text_encoder') || has('text_encoder_2'))
}

/**
 * The weights of a diffusers folder of safetensors, whole or in shards with their index. Of a part that comes in
 * halves, too, those are taken: half the download for the same pictures within a level or two; the variant "full" takes
 * the full ones.
 *
 * @throws Error if no part has the variant that was asked for
 */
export function chooseWeights(inside: readonly ChosenFile[], variant: string | null): ChosenFile[] {
  const chosen = Object.keys(bases).flatMap((part) => weightsOf(inside, part, variant ?? 'fp16') ?? [])
  const isThere = variant === null || variant === 'full' || chosen.some(({ path }) => path.includes(`.${variant}`))
  if (!isThere) throw new Error(`no part has a variant "${variant}"`)
  return chosen
}

/** A part's weights in the variant, else the full ones, else in halves. */
function weightsOf(inside: readonly ChosenFile[], part: string, variant: string): ChosenFile[] | null {
  const orders = variant === 'full' ? [null, 'fp16'] : [variant, null, 'fp16']
  for (const order of orders) {
    const found = filesOf(inside, `${part}/${bases[part]}`, order)
    if (found) return found
  }
  return null
}

function filesOf(inside: readonly ChosenFile[], base: string, variant: string | null): ChosenFile[] | null {
  const dotted = variant === null ? '' : `.${variant}`
  const single = inside.find(({ target }) => target === `${base}${dotted}.safetensors`)
  if (single) return [single]
  const index = inside.find(({ target }) => target === `${base}.safetensors.index${dotted}.json`)
  if (!index) return null
  // Older versions put the variant behind the number, newer ones before it.
  const shard = /^(\.\w+)?-\d{5}-of-\d{5}(\.\w+)?\.safetensors$/
  const shards = inside.filter(({ target }) => {
    const [, before = '', behind = ''] = target.startsWith(base)
      ? (shard.exec(target.slice(base.length)) ?? ['', '?'])
      : ['', '?']
    return before + behind === dotted
  })
  return shards.length === 0 ? null : [index, ...shards]
}
