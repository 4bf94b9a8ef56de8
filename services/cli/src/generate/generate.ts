import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import {
  fieldWords,
  imageLimits,
  img2imgFields,
  inpaintFields,
  type JobRequest,
  requestVersion,
  resolveInpaintParameters,
  resolveParameters,
  resolveTxt2imgParameters,
  txt2imgFields,
} from '@pentimento/contracts'
import { decodeMask, decodeRgb, encode, type ImageFormat, maskFromAlpha } from '@pentimento/images'
import { chooseDevice, describeModel, type GrayImage, loadModel, generate as paint } from '@pentimento/pipeline'
import {
  adapterHashes,
  embeddedMetadata,
  embeddingsFor,
  enlargingFor,
  findAdapters,
  type Input,
  modelFor,
  nothingMasked,
  sourceOf,
  toGenerateRequest,
  toModelEntry,
} from '@pentimento/worker'
import type { z } from 'zod'
import type { CliConfig } from '../config.ts'
import { untilInterrupted } from '../interrupt.ts'
import { startProgressBar } from '../progress-bar.ts'
import { type GenerateArguments, readArguments, usage } from './arguments.ts'

const decodeLimits = { ...imageLimits, maxSeconds: 60 }

/**
 * `npm run generate`: one job without queue and HTTP. Takes the API's fields, writes the bytes that the API would
 * store.
 */
export async function generate(config: CliConfig, args: string[]): Promise<number> {
  const given = readArguments(args)
  if (given === null) {
    console.log(usage)
    return args.length === 0 ? 2 : 0
  }
  // Everything that can be refused is, before the model is loaded and painted with.
  const inputs = await readInputs(given)
  const dir = resolve(given.model)
  const id = basename(dir).replace(/\.safetensors$/i, '')
  const entry = toModelEntry(id, await describeModel(dir))
  const found = await findAdapters(dirname(dir), [{ id, path: dir, layout: entry.layout }], console.error)
  const request = resolveRequest(given, id, { ...entry, adapters: found.entries }, inputs)
  const enlarging = enlargingFor(request.parameters, found)
  const { loras = [], reference } = modelFor({ id, dir, bytes: 0 }, request.parameters, found)
  await makeWritable(dirname(resolve(given.out)))
  const { threads } = config.device
  const { device, reason } = await chooseDevice(config.device.device)
  console.error(`device ${device}: ${reason}`)
  const signal = untilInterrupted()
  const model = await loadModel(dir, {
    device,
    loras,
    ...(reference && { reference }),
    ...(threads === null ? {} : { threads }),
  })
  try {
    const bar = startProgressBar(
      request.parameters.steps_run,
      '{phase} {bar} {value}/{total} | {eta_formatted} left',
      String,
      { phase: 'encoding' },
    )
    const embeddings = embeddingsFor(id, request.parameters, found)
    const result = await paint(model, toGenerateRequest(request, inputs, { embeddings, enlarging }), {
      signal,
      onProgress: ({ phase, step }) => bar.update(step, { phase }),
    }).finally(() => bar.stop())
    const used = embeddings.filter(({ name }) => result.embeddings.includes(name))
    const hashes = await adapterHashes({ loras, embeddings: used })
    for (const warning of result.warnings) console.error(`warning: ${warning.message}`)
    const { output_format: format, output_quality: quality, embed_metadata: embed } = request.parameters
    for (const [index, { image, seed, variationSeed }] of result.images.entries()) {
      const metadata = embed ? embeddedMetadata(request, { index, seed, variationSeed }, hashes) : null
      const file = outputName(given.out, index, result.images.length)
      await writeFile(file, await encode(image, { format, quality, metadata }))
      console.log(`${file}  seed ${seed}  ${image.width} × ${image.height}`)
    }
    return 0
  } finally {
    await model.dispose()
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new Error(`--out: ${folder} cannot be written to`, { cause })
  }
}

async function readInputs(given: GenerateArguments): Promise<Input[]> {
  const inputs: Input[] = []
  if (given.reference !== null) {
    const read = (bytes: Uint8Array) => decodeRgb(bytes, decodeLimits)
    const { image } = await fromFile('reference-image', given.reference, read)
    inputs.push({ name: 'reference_image', role: 'reference', image })
  }
  if (given.image === null) return inputs
  const { image, alpha } = await fromFile('image', given.image, (bytes) => decodeRgb(bytes, decodeLimits))
  inputs.push({ name: 'image', role: 'source', image })
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

/** The job's request as the api would have accepted it. */
function resolveRequest(
  given: GenerateArguments,
  modelId: string,
  entry: Parameters<typeof resolveParameters>[1],
  inputs: readonly Input[],
): JobRequest {
  const fields = { output_format: formatOf(given.out), ...given.fields }
  const base = {
    version: requestVersion,
    tenant: 'default',
    model: modelId,
    inputs: [],
    metadata: {},
    expires_in: 86_400,
    deadline: 3600,
    webhook: null,
    traceparent: null,
  }
  const sent = { reference: given.reference !== null }
  const resolved = {
    txt2img: () => resolveTxt2imgParameters(parsed(txt2imgFields, fields), entry, sent),
    img2img: () => resolveParameters(parsed(img2imgFields, fields), entry, sourceOf(inputs), sent),
    inpaint: () =>
      resolveInpaintParameters(parsed(inpaintFields, fields), entry, sourceOf(inputs), given.mask !== null, sent),
  }[given.kind]()
  if (!resolved.ok)
    throw new Error(
      resolved.issues.map((issue) => `--${issue.pointer.slice(1).replaceAll('_', '-')}: ${issue.detail}`).join('\n'),
    )
  return { ...base, kind: given.kind, parameters: resolved.parameters } as JobRequest
}

/** @throws Error with all that is wrong with the fields */
function parsed<S extends z.ZodType>(schema: S, fields: Record<string, string>): z.infer<S> {
  const { success, data, error } = schema.safeParse(fields, { error: fieldWords })
  if (success) return data
  throw new Error(
    error.issues.map((issue) => `--${issue.path.join('.').replaceAll('_', '-')}: ${issue.message}`).join('\n'),
  )
}

function formatOf(file: string): ImageFormat {
  const extension = extname(file).slice(1).toLowerCase()
  if (extension === 'jpg' || extension === 'jpeg') return 'jpeg'
  if (extension === 'png' || extension === 'webp') return extension
  throw new Error(`--out must end in .png, .jpg or .webp, not "${extname(file)}"`)
}

/** `out.png` for one image; `out-0.png`, `out-1.png` … for several. */
function outputName(out: string, index: number, count: number): string {
  if (count === 1) return out
  return `${out.slice(0, -extname(out).length)}-${index}${extname(out)}`
}
