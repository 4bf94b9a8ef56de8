import { samplerTable } from '@pentimento/vocabulary'
import type { Caller } from '../../http/auth.ts'
import { HttpProblem } from '../../http/problem.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { checkpointsOf, findCheckpoint } from './models.ts'
import { asObject, type Sent } from './values.ts'

/** How long a tenant's options are kept after they were set. */
const keptMs = 90 * 24 * 3_600_000
const noteName = 'a1111-options'

/** What clients read when nobody has set it: what acts here at its effect, and what they look for and is fixed. */
const standing = {
  sd_checkpoint_hash: null,
  samples_format: 'png',
  jpeg_quality: 80,
  sd_vae: 'Automatic',
  CLIP_stop_at_last_layers: 1,
  img2img_color_correction: false,
  img2img_fix_steps: false,
  randn_source: 'CPU',
  inpainting_mask_weight: 1,
  initial_noise_multiplier: 1,
  eta_noise_seed_delta: 0,
  show_progress_every_n_steps: 1,
  face_restoration_model: null,
  upscaler_for_img2img: 'None',
  sampler_name: samplerTable.euler.label,
}

/** Those of them that have an effect here, and are kept. */
const acting = [
  'sd_model_checkpoint',
  'CLIP_stop_at_last_layers',
  'img2img_color_correction',
  'img2img_fix_steps',
  'samples_format',
  'jpeg_quality',
  'randn_source',
  'show_progress_every_n_steps',
] as const

/** Settings that stay: one set for each tenant. */
export async function readOptions(deps: DialectDeps, caller: Caller): Promise<Sent> {
  const kept = await deps.state.notes.read(caller.tenant, noteName)
  return { sd_model_checkpoint: deps.defaultModel, ...standing, ...asObject(JSON.parse(kept ?? '{}')) }
}

/**
 * Sets what of `sent` has an effect; the rest, such as all that a client has read and sends back, is taken and means
 * nothing.
 *
 * @throws HttpProblem for a checkpoint that there is not
 */
export async function writeOptions(deps: DialectDeps, caller: Caller, sent: Sent): Promise<void> {
  const named = sent.sd_model_checkpoint
  const model =
    typeof named === 'string' && named !== '' ? findCheckpoint(await checkpointsOf(deps, caller), named) : undefined
  if (typeof named === 'string' && named !== '' && !model)
    throw new HttpProblem('unknown_model', `model '${named.slice(0, 100)}' not found`)
  const kept = asObject(JSON.parse((await deps.state.notes.read(caller.tenant, noteName)) ?? '{}'))
  const set = Object.fromEntries(acting.filter((name) => isPlain(sent[name])).map((name) => [name, sent[name]]))
  const text = JSON.stringify({ ...kept, ...set, ...(model && { sd_model_checkpoint: model.id }) })
  await deps.state.notes.write(caller.tenant, noteName, text, keptMs)
}

function isPlain(value: unknown): boolean {
  return typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && value.length <= 200)
}
