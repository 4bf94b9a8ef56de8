import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import {
  fieldWords,
  img2imgFields,
  inpaintFields,
  type JobRequest,
  requestVersion,
  resolveInpaintParameters,
  resolveParameters,
  resolveTxt2imgParameters,
  txt2imgFields,
} from '@pentimento/contracts'
import { encode, type ImageFormat } from '@pentimento/images'
import { chooseDevice, describeModel, loadModel, generate as paint } from '@pentimento/pipeline'
import {
  adapterHashes,
  embeddedMetadata,
  embeddingsFor,
  enlargingFor,
  findAdapters,
  type Input,
  modelFor,
  sourceOf,
  toGenerateRequest,
  toModelEntry,
} from '@pentimento/worker'
import type { z } from 'zod'
import type { CliConfig } from '../config.ts'
import { untilInterrupted } from '../interrupt.ts'
import { startProgressBar } from '../progress-bar.ts'
import { type GenerateArguments, readArguments, usage } from './arguments.ts'
import { checkControlImages, readInputs } from './read-inputs.ts'

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
  const { loras = [], controls = [], reference } = modelFor({ id, dir, bytes: 0 }, request.parameters, found)
  await makeWritable(dirname(resolve(given.out)))
  const { threads } = config.device
  const { device, reason } = await chooseDevice(config.device.device)
  console.error(`device ${device}: ${reason}`)
  const signal = untilInterrupted()
  const model = await loadModel(dir, {
    device,
    loras,
    controls,
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
  checkControlImages(given, resolved.parameters)
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
