import { randomInt } from 'node:crypto'
import { limits } from '@pentimento/contracts'
import type { Caller } from '../../http/auth.ts'
import { fieldProblem } from '../../http/problem.ts'
import type { KnownModel } from '../../submit/find-model.ts'
import { fitPrompt } from '../fit-prompt.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { Unit } from './control-unit.ts'
import { checkpointsOf, findCheckpoint } from './models.ts'
import { readOptions } from './options.ts'
import { samplingOf } from './samplers.ts'
import { scriptsOf } from './scripts.ts'
import { asObject, flagOf, integerOf, numberOf, type Sent } from './values.ts'

/** A request as AUTOMATIC1111 understands it: what was sent, with its defaults and not ours. */
export interface A1111Request {
  model: KnownModel
  prompt: string
  negativePrompt: string
  width: number
  height: number
  batchSize: number
  iterations: number
  seed: number
  subseed: number
  subseedStrength: number
  /** Undefined: the model's own. */
  steps: number | undefined
  sampler: string | undefined
  schedule: string | undefined
  cfgScale: number
  clipSkip: number
  exactSteps: boolean
  rng: 'cpu' | 'nv'
  format: 'png' | 'jpeg' | 'webp'
  quality: number
  colorCorrection: boolean
  soft: boolean
  /** Of ControlNet, those that are on. */
  units: Unit[]
  sendImages: boolean
  /** Names of what was sent and has no effect here. */
  ignored: string[]
}

/** Pictures of one request. */
const mostPictures = 64

/** Without effect here, wherever they are above what they are by default. */
const ignoredFlags = ['restore_faces', 'tiling'] as const
const ignoredNumbers = ['eta', 's_churn', 's_tmin', 's_noise', 's_min_uncond'] as const

/** @throws HttpProblem for what is no request */
export async function readRequest(deps: DialectDeps, caller: Caller, sent: Sent): Promise<A1111Request> {
  const { soft, units } = scriptsOf(sent)
  const overrides = asObject(sent.override_settings)
  const settings = { ...(await readOptions(deps, caller)), ...overrides }
  const { model, replaced: replacedModel } = await modelOf(deps, caller, settings)
  const { sampler, schedule, replaced } = samplingOf(sent)
  const format = /^jpe?g$/i.test(String(settings.samples_format))
    ? 'jpeg'
    : /^webp$/i.test(String(settings.samples_format))
      ? 'webp'
      : 'png'
  const [batchSize, iterations] = [count(sent, 'batch_size'), count(sent, 'n_iter')]
  if (batchSize * iterations > mostPictures)
    throw fieldProblem('too_much_work', 'batch_size', `a request makes at most ${mostPictures} pictures`)
  const skip = 'clip_skip' in sent && sent.clip_skip !== null ? sent : settings
  const clipSkip = integerOf(skip, skip === sent ? 'clip_skip' : 'CLIP_stop_at_last_layers', 1, {
    min: 1,
    max: limits.clipSkipMax,
  })
  return {
    model,
    prompt: fitPrompt(promptOf(sent, 'prompt')),
    negativePrompt: fitPrompt(promptOf(sent, 'negative_prompt')),
    width: integerOf(sent, 'width', 512, { min: 1, max: 16_384 }),
    height: integerOf(sent, 'height', 512, { min: 1, max: 16_384 }),
    batchSize,
    iterations,
    seed: seedOf(sent, 'seed', batchSize * iterations),
    subseed: seedOf(sent, 'subseed', batchSize * iterations),
    subseedStrength: numberOf(sent, 'subseed_strength', 0, { min: 0, max: 1 }),
    steps:
      'steps' in sent && sent.steps !== null
        ? integerOf(sent, 'steps', 50, { min: 1, max: limits.stepsMax })
        : undefined,
    sampler,
    schedule,
    cfgScale: numberOf(sent, 'cfg_scale', 7, { min: 1, max: 30 }),
    clipSkip: model.family.startsWith('sdxl') ? 1 : clipSkip,
    exactSteps: flagOf(settings, 'img2img_fix_steps', false),
    rng: /^nv$/i.test(String(settings.randn_source)) ? 'nv' : 'cpu',
    format,
    quality: integerOf(settings, 'jpeg_quality', 80, { min: 1, max: 100 }),
    colorCorrection: flagOf(settings, 'img2img_color_correction', false),
    soft,
    units,
    sendImages: flagOf(sent, 'send_images', true),
    ignored: [...replacedModel, ...replaced, ...ignoredOf(sent)],
  }
}

async function modelOf(
  deps: DialectDeps,
  caller: Caller,
  settings: Sent,
): Promise<{ model: KnownModel; replaced: string[] }> {
  const named = settings.sd_model_checkpoint
  const known = await checkpointsOf(deps, caller)
  const found = typeof named === 'string' ? findCheckpoint(known, named) : undefined
  if (found) return { model: found, replaced: [] }
  // As there: an unknown one is passed over, and the loaded one paints.
  const replaced =
    typeof named === 'string' && named !== '' && named !== deps.defaultModel
      ? [`sd_model_checkpoint ${named}`.slice(0, 100)]
      : []
  return { model: await deps.intake.models.find(caller, undefined), replaced }
}

function count(sent: Sent, name: string): number {
  return integerOf(sent, name, 1, { min: 1, max: 10_000 })
}

function promptOf(sent: Sent, name: string): string {
  const value = sent[name] ?? ''
  if (typeof value !== 'string') throw fieldProblem('invalid_fields', name, 'must be one text')
  return value
}

/**
 * A seed that leaves room for those of all pictures. -1 is drawn, so that the parts of a large request go on from each
 * other.
 */
function seedOf(sent: Sent, name: string, pictures: number): number {
  const value = Number(sent[name] ?? -1)
  const most = limits.seedMax - pictures + 1
  return sent[name] === '' || !Number.isFinite(value) || value < 0 ? randomInt(most) : Math.floor(value) % (most + 1)
}

function ignoredOf(sent: Sent): string[] {
  const styles = Array.isArray(sent.styles) && sent.styles.length > 0 ? ['styles'] : []
  const flags = ignoredFlags.filter((name) => sent[name] === true || sent[name] === 1)
  const numbers = ignoredNumbers.filter(
    (name) => typeof sent[name] === 'number' && sent[name] !== 0 && !(name === 's_noise' && sent[name] === 1),
  )
  return [...styles, ...flags, ...numbers]
}
