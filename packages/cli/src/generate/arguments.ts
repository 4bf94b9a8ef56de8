import { parseArgs } from 'node:util'
import { img2imgFields, inpaintFields } from '@pentimento/contracts'

export const usage = `npm run generate -- --model DIR --image in.png --prompt "…" --out out.png [--mask mask.png] [--strength 0.75] …

With --mask, or --mask-mode alpha, the image is inpainted. Every other form field of the API is an option too, with hyphens: --num-images 2,
--sampler "DPM++ 2M Karras", --color-correction true. The file name's ending says the format.`

/** Fields of the API that only make sense with a queue and a server behind them. */
const serverOnly = [
  'image_url',
  'image_job',
  'model',
  'webhook_url',
  'webhook_events',
  'metadata',
  'expires_in',
  'deadline',
  'output_format',
]

export interface GenerateArguments {
  kind: 'img2img' | 'inpaint'
  model: string
  image: string
  mask: string | null
  out: string
  /** The API's form fields as text. */
  fields: Record<string, string>
}

/** Reads the command line; null when something that is always needed is missing. Throws an Error that names an unknown option. */
export function readArguments(args: string[]): GenerateArguments | null {
  const names = Object.keys(inpaintFields.shape).filter((name) => !serverOnly.includes(name))
  const options = Object.fromEntries(
    [...names, 'model', 'image', 'mask', 'out'].map((name) => [name.replaceAll('_', '-'), { type: 'string' as const }]),
  )
  const { values } = parseArgs({ args, options })
  const { model, image, mask, out } = values
  if (model === undefined || image === undefined || out === undefined || values.prompt === undefined) return null
  const fields: Record<string, string> = {}
  for (const name of names) {
    const value = values[name.replaceAll('_', '-')]
    if (value !== undefined) fields[name] = value
  }
  const kind = mask !== undefined || fields.mask_mode === 'alpha' ? 'inpaint' : 'img2img'
  const stray = Object.keys(fields).filter((name) => kind === 'img2img' && !(name in img2imgFields.shape))
  if (stray.length > 0) throw new Error(`--${stray[0]?.replaceAll('_', '-')} needs a --mask`)
  return { kind, model, image, mask: mask ?? null, out, fields }
}
