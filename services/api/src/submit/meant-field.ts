import leven from 'leven'

/** Ours, by what AUTOMATIC1111, diffusers, Replicate's models, Stability and OpenAI call them in their requests. */
const foreignNames: Record<string, readonly string[]> = {
  strength: ['denoising_strength', 'denoising', 'denoise', 'prompt_strength', 'img2img_strength'],
  guidance_scale: ['cfg_scale', 'cfg', 'guidance', 'scale'],
  guidance_rescale: ['rescale_cfg', 'cfg_rescale'],
  steps: ['num_inference_steps', 'inference_steps', 'sampling_steps', 'ddim_steps', 'num_steps'],
  num_images: ['n', 'n_iter', 'batch_size', 'batch_count', 'num_outputs', 'num_images_per_prompt', 'samples', 'count'],
  sampler: ['sampler_name', 'sampler_index', 'sampling_method', 'scheduler'],
  schedule: ['noise_schedule', 'schedule_type'],
  clip_skip: ['clip_stop_at_last_layers'],
  image: ['init_image', 'init_images', 'input_image', 'source_image', 'input', 'file'],
  image_url: ['init_image_url', 'input_image_url'],
  mask: ['mask_image', 'mask_source'],
  mask_mode: ['inpainting_mask_invert', 'invert_mask'],
  masked_content: ['inpainting_fill'],
  inpaint_area: ['inpaint_full_res'],
  mask_padding: ['inpaint_full_res_padding', 'padding_mask_crop'],
  variation_seed: ['subseed'],
  variation_strength: ['subseed_strength'],
  prompt: ['text', 'text_prompts'],
  negative_prompt: ['neg_prompt', 'negative', 'uc'],
  model: ['checkpoint', 'sd_model_checkpoint', 'version'],
  control_model: ['controlnet', 'controlnet_model', 'adapter'],
  control_image: ['controlnet_image', 'conditioning_image'],
  control_scale: ['controlnet_conditioning_scale', 'conditioning_scale', 'adapter_conditioning_scale'],
  control_start: ['control_guidance_start', 'guidance_start'],
  control_end: ['control_guidance_end', 'guidance_end'],
  control_type: ['control_mode', 'controlnet_mode', 'union_control_type'],
  control_preprocessor: ['preprocessor', 'controlnet_module'],
  loras: ['lora', 'lora_weights', 'adapters'],
  output_format: ['format', 'response_format'],
  output_quality: ['quality', 'output_compression', 'jpeg_quality'],
  webhook_url: ['webhook', 'callback_url'],
  webhook_events: ['webhook_events_filter'],
  metadata: ['user', 'extra', 'tags'],
  expires_in: ['ttl'],
}

/** What has no field of its own, or another measure. */
const explained: Record<string, string> = {
  size: 'send width and height',
  aspect_ratio: 'send width and height',
  resolution: 'send width and height',
  image_strength: 'strength counts the other way: send strength, as 1 - image_strength',
}

const meanings = new Map(Object.entries(foreignNames).flatMap(([ours, names]) => names.map((name) => [name, ours])))

/**
 * What a client that sent a field of an unknown name may have meant, of the fields that the request can have: what
 * other services call it, another way to write it, or a slip.
 *
 * @returns a clause for the error, or null
 */
export function meantField(sent: string, known: readonly string[]): string | null {
  if (sent.length > 60) return null
  const name = sent
    .trim()
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[\s-]+/g, '_')
    .toLowerCase()
  const explanation = explained[name]
  if (explanation !== undefined) {
    const [field = ''] = /strength|width/.exec(explanation) ?? []
    return known.includes(field) ? explanation : null
  }
  const meant = known.includes(name) ? name : meanings.get(name)
  if (meant !== undefined) return known.includes(meant) ? `did you mean ${meant}?` : null
  const [nearest] = known
    .map((field) => ({ field, slips: leven(name, field) }))
    .filter(({ field, slips }) => slips <= Math.min(2, field.length / 2))
    .toSorted((a, b) => a.slips - b.slips)
  return nearest ? `did you mean ${nearest.field}?` : null
}
