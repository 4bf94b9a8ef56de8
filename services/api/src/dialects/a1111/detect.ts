import { Worker } from 'node:worker_threads'
import { limits } from '@pentimento/contracts'
import { decodeRgb, encode, pictureSize, scalePicture } from '@pentimento/images'
import type { ControlPreprocessor } from '@pentimento/vocabulary'
import { fieldProblem, HttpProblem } from '../../http/problem.ts'
import { createTurns, TooManyWaiting } from '../../http/turns.ts'
import { decodeLimits, decodeTurn, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import type { Size } from '../fit-size.ts'
import { readPictureText } from '../picture-text.ts'
import { findModule, moduleNames, resolution, thresholdOf } from './control-modules.ts'
import { numberOf, type Sent, textOf } from './values.ts'

/** What the thread is given. */
export interface Detecting {
  image: Size & { data: Uint8Array }
  preprocessor: ControlPreprocessor
  thresholds: { low: number; high: number }
}

const threadMain = new URL(`./detect-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
const mostPictures = 4
/** Looking for edges is work for a core: so many do it at once, of a tenant one. */
const turns = createTurns({ places: 2, perTenant: 1, waiting: 4 })

/** `/controlnet/detect`: what a preprocessor makes of pictures (its `scripts/api.py`). @throws HttpProblem */
export async function detect(sent: Sent, holder: Holder) {
  const named = textOf(sent, 'controlnet_module', 'none')
  const module = findModule(named)
  if (!module)
    throw fieldProblem(
      'not_supported',
      'controlnet_module',
      `Module not available; there are ${moduleNames().join(', ')}`,
    )
  if (module.does === 'reference') throw fieldProblem('not_supported', 'controlnet_module', 'Module not supported')
  const texts = picturesOf(sent)
  const size = numberOf(sent, 'controlnet_processor_res', -1, { min: -1, max: 1e9 })
  const side = size >= resolution.least && size <= resolution.most ? Math.round(size) : resolution.usual
  const number = (name: string) => numberOf(sent, name, -1, { min: -1e9, max: 1e9 })
  const thresholds = {
    low: thresholdOf(number('controlnet_threshold_a'), 'low'),
    high: thresholdOf(number('controlnet_threshold_b'), 'high'),
  }
  const giveBack = await turns.take(holder.tenant, holder.gone).catch(refuseMany)
  try {
    const images: string[] = []
    for (const text of texts) images.push(await detected(text, { preprocessor: module.does, side, thresholds, holder }))
    return { info: 'Success', images }
  } finally {
    giveBack()
  }
}

/** Under either name that the extension has given it. */
function picturesOf(sent: Sent): string[] {
  const given = [sent.controlnet_input_images, sent.controlnet_images].find(
    (list) => Array.isArray(list) && list.length,
  )
  const texts = (given ?? []) as unknown[]
  if (texts.length === 0) throw fieldProblem('image_required', 'controlnet_input_images', 'No image selected')
  if (texts.length > mostPictures)
    throw fieldProblem('too_much_work', 'controlnet_input_images', `at most ${mostPictures} at once`)
  return texts.map((text) => {
    if (typeof text === 'string') return text
    throw fieldProblem('invalid_fields', 'controlnet_input_images', 'Invalid encoded image')
  })
}

interface Detector {
  preprocessor: ControlPreprocessor
  /** The shorter side of what `canny` looks at. */
  side: number
  thresholds: Detecting['thresholds']
  holder: Holder
}

async function detected(text: string, { preprocessor, side, thresholds, holder }: Detector): Promise<string> {
  const field = 'controlnet_input_images'
  const read = await readPictureText(text, holder.upload)
  if ('url' in read) throw fieldProblem('invalid_image', field, 'Invalid encoded image')
  const whole = await pictureSize(read.bytes, decodeLimits).catch(imageProblem(field))
  const size = preprocessor === 'canny' ? scaledTo(whole, side) : whole
  if (size.width * size.height > limits.imagePixels)
    throw fieldProblem('too_much_work', field, `${size.width} × ${size.height} pixels are too many`)
  await holder.upload.take(size.width * size.height * 3)
  const options = { size: () => size, quality: null, format: 'png' as const }
  const bytes = await scalePicture(read.bytes, options, decodeLimits, decodeTurn(holder)).catch(imageProblem(field))
  if (preprocessor === 'none' || preprocessor === 'inpaint') return bytes.toString('base64')
  const { image } = await decodeRgb(bytes, decodeLimits, decodeTurn(holder))
  const data = await inThread({ image, preprocessor, thresholds }, holder.gone)
  return (await encode({ ...image, data }, { format: 'png', quality: null, metadata: null })).toString('base64')
}

function scaledTo({ width, height }: Size, side: number): Size {
  const factor = side / Math.min(width, height)
  return { width: Math.round(width * factor), height: Math.round(height * factor) }
}

/** Away from the thread that answers everybody. */
function inThread(workerData: Detecting, gone: AbortSignal): Promise<Uint8Array> {
  const execArgv = threadMain.href.endsWith('.ts') ? ['--conditions=source'] : []
  const thread = new Worker(threadMain, { workerData, execArgv })
  return new Promise<Uint8Array>((resolve, reject) => {
    thread.once('message', resolve).once('error', reject)
    gone.addEventListener('abort', () => reject(gone.reason), { once: true })
  }).finally(() => thread.terminate())
}

function refuseMany(error: unknown): never {
  const detail = 'as many of your requests wait for their pictures as may'
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 5 }) : error
}
