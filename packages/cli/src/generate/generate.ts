import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import {
  img2imgFields,
  inpaintFields,
  type JobRequest,
  limits,
  resolveInpaintParameters,
  resolveParameters,
} from '@pentimento/contracts'
import { decodeMask, decodeRgb, encode, type ImageFormat, maskFromAlpha } from '@pentimento/images'
import { type Device, loadModel, generate as paint } from '@pentimento/pipeline'
import { embeddedMetadata, toGenerateRequest, toModelEntry } from '@pentimento/worker'
import type { CliConfig } from '../config.ts'
import { untilInterrupted } from '../interrupt.ts'
import { startProgressBar } from '../progress-bar.ts'
import { type GenerateArguments, readArguments, usage } from './arguments.ts'

const decodeLimits = { maxPixels: limits.imagePixels }

/** `npm run generate`: one job without queue and HTTP. Takes the API's fields, writes the bytes that the API would store. */
export async function generate(config: CliConfig, args: string[]): Promise<number> {
  const given = readArguments(args)
  if (given === null) {
    console.error(usage)
    return 2
  }
  const signal = untilInterrupted()
  const inputs = await readInputs(given)
  const model = await loadModel(resolve(given.model), {
    device: config.device as Device,
    ...(config.threads === null ? {} : { threads: config.threads }),
  })
  try {
    const request = resolveRequest(
      given,
      basename(resolve(given.model)),
      toModelEntry(basename(given.model), model.description),
      inputs.image,
    )
    const bar = startProgressBar(
      request.parameters.steps_run,
      '{phase} {bar} {value}/{total} | {eta_formatted} left',
      String,
      { phase: 'encoding' },
    )
    const result = await paint(model, toGenerateRequest(request, inputs), {
      signal,
      onProgress: ({ phase, step }) => bar.update(step, { phase }),
    }).finally(() => bar.stop())
    for (const warning of result.warnings) console.error(`warning: ${warning.message}`)
    const { output_format: format, output_quality: quality, embed_metadata: embed } = request.parameters
    for (const [index, { image, seed, variationSeed }] of result.images.entries()) {
      const metadata = embed ? embeddedMetadata(request, { index, seed, variationSeed }) : null
      const file = outputName(given.out, index, result.images.length)
      await mkdir(dirname(resolve(file)), { recursive: true })
      await writeFile(file, await encode(image, { format, quality: quality ?? 90, metadata }))
      console.log(`${file}  seed ${seed}  ${image.width} × ${image.height}`)
    }
    return 0
  } finally {
    await model.dispose()
  }
}

async function readInputs(given: GenerateArguments) {
  const { image, alpha } = await decodeRgb(await readFile(given.image), decodeLimits)
  if (given.kind === 'img2img') return { image, mask: null }
  if (given.mask !== null) {
    const mode = given.fields.mask_mode === 'black' ? 'black' : 'white'
    return { image, mask: await decodeMask(await readFile(given.mask), mode, decodeLimits) }
  }
  if (alpha === null) throw new Error('the image is opaque: give a --mask')
  return { image, mask: maskFromAlpha(alpha) }
}

/** The job's request as the api would have accepted it. */
function resolveRequest(
  given: GenerateArguments,
  modelId: string,
  entry: Parameters<typeof resolveParameters>[1],
  size: { width: number; height: number },
): JobRequest {
  const fields = { output_format: formatOf(given.out), ...given.fields }
  const parsed = given.kind === 'inpaint' ? inpaintFields.safeParse(fields) : img2imgFields.safeParse(fields)
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map((issue) => `--${issue.path.join('.').replaceAll('_', '-')}: ${issue.message}`).join('\n'),
    )
  const base = {
    version: 1 as const,
    tenant: 'default',
    model: modelId,
    inputs: { image: 'image', mask: null },
    metadata: {},
    expires_in: 86_400,
    deadline: 3600,
    webhook: null,
    traceparent: null,
  }
  const resolved =
    given.kind === 'inpaint'
      ? resolveInpaintParameters(inpaintFields.parse(fields), entry, size, given.mask !== null)
      : resolveParameters(img2imgFields.parse(fields), entry, size)
  if (!resolved.ok)
    throw new Error(
      resolved.issues.map((issue) => `--${issue.pointer.slice(1).replaceAll('_', '-')}: ${issue.detail}`).join('\n'),
    )
  return { ...base, kind: given.kind, parameters: resolved.parameters } as JobRequest
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
