import { readFile } from 'node:fs/promises'
import { controlsOf, imageLimits, inpaintFields, type JobRequest } from '@pentimento/contracts'
import { decodeMask, decodeRgb, maskFromAlpha } from '@pentimento/images'
import type { GrayImage } from '@pentimento/pipeline'
import { type Input, nothingMasked } from '@pentimento/worker'
import type { GenerateArguments } from './arguments.ts'

const decodeLimits = { ...imageLimits, maxSeconds: 60 }

/** The pictures that the command line names, decoded. @throws Error naming the option */
export async function readInputs(given: GenerateArguments): Promise<Input[]> {
  return [...(await readSource(given)), ...(await readReference(given)), ...(await readControlImages(given))]
}

async function readReference({ reference }: GenerateArguments): Promise<Input[]> {
  if (reference === null) return []
  const { image } = await fromFile('reference-image', reference, (bytes) => decodeRgb(bytes, decodeLimits))
  return [{ name: 'reference_image', role: 'reference', image }]
}

async function readControlImages({ controlImages }: GenerateArguments): Promise<Input[]> {
  const reading = Object.entries(controlImages).map(async ([name, file]): Promise<Input> => {
    const { image } = await fromFile(name.replaceAll('_', '-'), file, (bytes) => decodeRgb(bytes, decodeLimits))
    return { name, role: 'control', image }
  })
  return Promise.all(reading)
}

async function readSource(given: GenerateArguments): Promise<Input[]> {
  if (given.image === null) return []
  const { image, alpha } = await fromFile('image', given.image, (bytes) => decodeRgb(bytes, decodeLimits))
  const inputs: Input[] = [{ name: 'image', role: 'source', image }]
  if (given.kind === 'inpaint') inputs.push({ name: 'mask', role: 'mask', image: await readMask(given, alpha) })
  return inputs
}

async function readMask(given: GenerateArguments, alpha: GrayImage | null): Promise<GrayImage> {
  if (given.mask !== null) {
    const mode = inpaintFields.shape.mask_mode.safeParse(given.fields.mask_mode).data ?? 'white'
    return fromFile('mask', given.mask, (bytes) => decodeMask(bytes, mode, decodeLimits))
  }
  if (alpha !== null) return maskFromAlpha(alpha)
  if (given.isExtended) return nothingMasked
  throw new Error('the image is opaque: give a --mask')
}

async function fromFile<T>(option: string, file: string, decode: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  try {
    return await decode(await readFile(file))
  } catch (cause) {
    throw new Error(`--${option}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** @throws Error if a control has nothing to look at, or a picture nobody looks at it */
export function checkControlImages(
  { image, controlImages }: GenerateArguments,
  parameters: JobRequest['parameters'],
): void {
  const controls = controlsOf(parameters).map(({ field }) => `${field}_image`)
  const option = (name: string) => `--${name.replaceAll('_', '-')}`
  for (const name of Object.keys(controlImages))
    if (!controls.includes(name)) throw new Error(`${option(name)} needs ${option(name.replace(/image$/, 'model'))}`)
  const missing = controls.find((name) => image === null && !(name in controlImages))
  if (missing !== undefined) throw new Error(`${option(missing)} missing`)
}
