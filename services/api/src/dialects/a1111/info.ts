import { readMetadata } from '@pentimento/images'
import type { JobRecord } from '@pentimento/state'
import { samplerTable } from '@pentimento/vocabulary'
import type { ResultPicture } from '../result-pictures.ts'
import type { A1111Request } from './read-request.ts'
import type { Sent } from './values.ts'

/** What AUTOMATIC1111 says of what it painted, as the text of an object (`modules/processing.py`, Processed.js). */
export async function infoText(
  request: A1111Request,
  jobs: readonly JobRecord[],
  pictures: readonly ResultPicture[],
): Promise<string> {
  const parameters = jobs[0]?.request.parameters
  const [seeds, subseeds] = [
    pictures.map(({ seed }) => seed),
    pictures.map(({ variationSeed }) => variationSeed ?? request.subseed),
  ]
  const infotexts = await Promise.all(
    pictures.map(async ({ bytes }) => (await readMetadata(bytes))?.parametersText ?? ''),
  )
  const warnings = [
    ...new Set(
      jobs.flatMap((job) =>
        [...(job.request.warnings ?? []), ...(job.result?.warnings ?? [])].map(({ message }) => message),
      ),
    ),
  ]
  return JSON.stringify({
    prompt: request.prompt,
    all_prompts: pictures.map(() => request.prompt),
    negative_prompt: request.negativePrompt,
    all_negative_prompts: pictures.map(() => request.negativePrompt),
    seed: seeds[0] ?? request.seed,
    all_seeds: seeds,
    subseed: subseeds[0] ?? request.subseed,
    all_subseeds: subseeds,
    subseed_strength: request.subseedStrength,
    width: pictures[0]?.width ?? request.width,
    height: pictures[0]?.height ?? request.height,
    sampler_name: parameters ? samplerTable[parameters.sampler].label : null,
    cfg_scale: parameters?.guidance_scale,
    steps: parameters?.steps,
    batch_size: request.batchSize,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: request.model.id,
    sd_model_hash: '',
    sd_vae_name: null,
    sd_vae_hash: null,
    seed_resize_from_w: -1,
    seed_resize_from_h: -1,
    denoising_strength: parameters && 'strength' in parameters ? parameters.strength : null,
    extra_generation_params: {
      ...(request.ignored.length > 0 && { Ignored: request.ignored.join(', ') }),
      ...(warnings.length > 0 && { Warnings: warnings.join('; ') }),
    },
    index_of_first_image: 0,
    infotexts,
    styles: [],
    job_timestamp: timestamp(new Date(jobs[0]?.createdAt ?? Date.now())),
    clip_skip: request.clipSkip,
    is_using_inpainting_conditioning: false,
    version: 'Pentimento',
    interrupted: jobs.some(({ status }) => status === 'canceled'),
  })
}

/** YYYYMMDDhhmmss */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** The request as it was understood, with AUTOMATIC1111's defaults filled in and without its pictures. */
export function parametersOf(request: A1111Request, sent: Sent, jobs: readonly JobRecord[]): Record<string, unknown> {
  const effective = jobs[0]?.request.parameters
  const echo = sent.include_init_images === true
  return {
    ...defaults,
    ...Object.fromEntries(
      Object.entries(sent).filter(([name, value]) => name in defaults && typeof value !== 'object'),
    ),
    prompt: request.prompt,
    negative_prompt: request.negativePrompt,
    width: request.width,
    height: request.height,
    batch_size: request.batchSize,
    n_iter: request.iterations,
    seed: Number(sent.seed ?? -1),
    steps: effective?.steps,
    cfg_scale: effective?.guidance_scale,
    sampler_name: effective ? samplerTable[effective.sampler].label : null,
    scheduler: effective?.schedule,
    init_images: echo ? sent.init_images : null,
    mask: echo ? (sent.mask ?? null) : null,
  }
}

/**
 * Members that clients read back, at what AUTOMATIC1111 has where they were not sent. Nothing else of a body is told.
 */
const defaults = {
  styles: null,
  subseed: -1,
  subseed_strength: 0,
  seed_resize_from_h: -1,
  seed_resize_from_w: -1,
  restore_faces: false,
  tiling: false,
  do_not_save_samples: false,
  do_not_save_grid: false,
  eta: null,
  denoising_strength: 0.75,
  s_min_uncond: 0,
  s_churn: 0,
  s_tmax: null,
  s_tmin: 0,
  s_noise: 1,
  override_settings: {},
  override_settings_restore_afterwards: true,
  resize_mode: 0,
  image_cfg_scale: null,
  mask_blur: null,
  mask_blur_x: 4,
  mask_blur_y: 4,
  inpainting_fill: 0,
  inpaint_full_res: true,
  inpaint_full_res_padding: 0,
  inpainting_mask_invert: 0,
  initial_noise_multiplier: null,
  enable_hr: false,
  sampler_index: 'Euler',
  include_init_images: false,
  script_name: null,
  script_args: [],
  send_images: true,
  save_images: false,
  alwayson_scripts: {},
}
