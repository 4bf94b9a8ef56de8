export type Semantics = 'a1111' | 'diffusers'
export type StepPolicy = 'proportional' | 'exact'

/**
 * Sampler steps that really run for `steps` (1–150) at `strength` (0–1): the figure in `parameters.steps_run`.
 * `a1111`: t_enc + 1 with t_enc = int(min(strength, .999) · steps) (AUTOMATIC1111 v1.10, `modules/sd_samplers_common.py`, setup_img2img_steps).
 * `diffusers`: min(int(steps · strength), steps) (`pipeline_stable_diffusion_img2img.py`, get_timesteps); 0 means the request is refused.
 * `exact` always runs `steps`. Strength 0 never calls the denoiser.
 */
export function stepsRun(semantics: Semantics, policy: StepPolicy, steps: number, strength: number): number {
  if (strength === 0) return 0
  if (policy === 'exact') return steps
  if (semantics === 'diffusers') return Math.min(Math.trunc(steps * strength), steps)
  return Math.trunc(Math.min(strength, 0.999) * steps) + 1
}
