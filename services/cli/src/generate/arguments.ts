import { parseArgs } from 'node:util'
import { img2imgFields, inpaintFields, type JobKind, serverFields, txt2imgFields } from '@pentimento/contracts'

export const usage = `npm run generate -- --model DIR --prompt "…" --out out.png \\
  [--image in.png] [--mask mask.png] [--reference-image like.png] [--strength 0.75] …

Without --image the prompt alone is painted. With --mask, --mask-mode alpha or an --extend-… the image is inpainted.
What --control-model looks at is --control-image, else the image. The file name's ending, .png, .jpg or .webp, says the
format; several images get a number each. The device is that of DEVICE (auto, cpu, cuda, webgpu).

The other form fields of the API are options too, with its values and defaults:
${fieldList()}`

/** Files besides the image, as the API calls them. */
const controlImageNames = Object.keys(serverFields).flatMap((name) => /^(control.*_image)_url$/.exec(name)?.[1] ?? [])

/** What `--out` ends in is the format. */
function fieldNames(): string[] {
  return Object.keys(inpaintFields.shape).filter((name) => !(name in serverFields) && name !== 'output_format')
}

function fieldList(): string {
  const options = fieldNames().map((name) => `--${name.replaceAll('_', '-')}`)
  const lines = ['']
  for (const option of options) {
    if ((lines.at(-1) ?? '').length + option.length > 100) lines.push('')
    lines.push(`${lines.pop() ?? ''}  ${option}`)
  }
  return lines.join('\n')
}

export interface GenerateArguments {
  kind: JobKind
  model: string
  image: string | null
  mask: string | null
  /** Files by the names that the API's fields have. */
  controlImages: Record<string, string>
  /** Whether the canvas is to grow, so that it needs no mask. */
  isExtended: boolean
  reference: string | null
  out: string
  /** The API's form fields as text. */
  fields: Record<string, string>
}

/**
 * Reads the command line; null when help is wanted.
 *
 * @throws Error that names what is missing, unknown or out of place
 */
export function readArguments(args: string[]): GenerateArguments | null {
  const names = fieldNames()
  const options = Object.fromEntries(
    [...names, ...controlImageNames, 'model', 'image', 'mask', 'reference_image', 'out'].map((name) => [
      name.replaceAll('_', '-'),
      { type: 'string' as const },
    ]),
  )
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return null
  const { values } = parseArgs({ args, options })
  const { model, image, mask, out, prompt } = values
  if (model === undefined || out === undefined || prompt === undefined) {
    const missing = Object.entries({ model, prompt, out }).filter(([, value]) => value === undefined)
    throw new Error(`${missing.map(([name]) => `--${name}`).join(' and ')} missing; --help says more`)
  }
  const fields: Record<string, string> = {}
  for (const name of names) {
    const value = values[name.replaceAll('_', '-')]
    if (value !== undefined) fields[name] = value
  }
  const controlImages: Record<string, string> = {}
  for (const name of controlImageNames) {
    const file = values[name.replaceAll('_', '-')]
    if (file !== undefined) controlImages[name] = file
  }
  const isExtended = image !== undefined && names.some((name) => name in fields && name.startsWith('extend_'))
  const isMasked = mask !== undefined || fields.mask_mode === 'alpha' || isExtended
  const kind = isMasked ? 'inpaint' : image === undefined ? 'txt2img' : 'img2img'
  if (image === undefined && mask !== undefined) throw new Error('--mask needs an --image')
  for (const name of Object.keys(fields)) {
    const option = `--${name.replaceAll('_', '-')}`
    if (image === undefined && !(name in txt2imgFields.shape)) throw new Error(`${option} needs an --image`)
    if (kind === 'img2img' && !(name in img2imgFields.shape)) throw new Error(`${option} needs a --mask`)
  }
  return {
    kind,
    model,
    image: image ?? null,
    mask: mask ?? null,
    controlImages,
    isExtended,
    reference: values['reference-image'] ?? null,
    out,
    fields,
  }
}
