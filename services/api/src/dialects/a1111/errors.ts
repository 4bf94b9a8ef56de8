import type { Problem } from '@pentimento/contracts'
import type { ErrorAnswer, ErrorStyle } from '../../http/error-style.ts'

/** What AUTOMATIC1111's server has at its root, and its clients look for there. */
const roots = /^\/(sdapi|internal|queue|controlnet|user|config|startup-events)(\/|$)/

/** Errors as FastAPI and AUTOMATIC1111's own handler write them (`modules/api/api.py`, api_middleware). */
export const a1111Errors: ErrorStyle = {
  owns: (path) => roots.test(path),
  answer(document) {
    const { status, code } = document
    if (code === 'not_found') return { status, body: { detail: 'Not Found' } }
    if (code === 'method_not_allowed') return { status, body: { detail: 'Method Not Allowed' } }
    // A job that failed has no status of its own, and a checkpoint that there is not breaks something there.
    return handled(status === 0 || code === 'unknown_model' ? 500 : status, document)
  },
}

function handled(status: number, document: Problem): ErrorAnswer {
  const text = detailOf(document)
  const isOurs = status >= 500
  return {
    status,
    ...(status === 401 && { headers: { 'www-authenticate': 'Basic realm="pentimento"' } }),
    body: {
      error: isOurs ? 'RuntimeError' : 'HTTPException',
      detail: text,
      body: '',
      errors: isOurs ? text : '',
      code: document.code,
      request_id: document.request_id,
    },
  }
}

/** What the clients show their users: which field, in their words, and what is wrong with it. */
function detailOf({ detail, title, errors, code }: Problem): string {
  if (code === 'unauthorized') return 'Not authenticated: send an API key as the password of HTTP Basic'
  const fields = (errors ?? []).map((error) => `${theirName(error.pointer.slice(1))}: ${error.detail}`)
  return fields.length > 0 ? fields.join('; ') : (detail ?? title)
}

const theirNames: Record<string, string> = {
  image: 'init_images',
  image_url: 'init_images',
  strength: 'denoising_strength',
  guidance_scale: 'cfg_scale',
  sampler: 'sampler_name',
  schedule: 'scheduler',
  num_images: 'batch_size',
  model: 'sd_model_checkpoint',
  clip_skip: 'CLIP_stop_at_last_layers',
  variation_seed: 'subseed',
  variation_strength: 'subseed_strength',
  upscale: 'hr_scale',
  upscaler: 'hr_upscaler',
  hires_strength: 'denoising_strength',
  hires_steps: 'hr_second_pass_steps',
}

/** Of a ControlNet unit, behind what its native fields begin with. */
const unitNames: Record<string, string> = {
  scale: 'weight',
  start: 'guidance_start',
  end: 'guidance_end',
  type: 'union_control_type',
  preprocessor: 'module',
  canny_low: 'threshold_a',
  canny_high: 'threshold_b',
}

function theirName(field: string): string {
  const [, unit, own = ''] = /^(control(?:_\d)?|reference)_(\w+)$/.exec(field) ?? []
  return unit === undefined ? (theirNames[field] ?? field) : `ControlNet ${unitNames[own] ?? own}`
}
