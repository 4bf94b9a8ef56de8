export const semanticsNames = ['a1111', 'diffusers'] as const
/** Whose way of counting steps, blending masks and reading prompts is followed. */
export type Semantics = (typeof semanticsNames)[number]

export const stepPolicies = ['proportional', 'exact'] as const
/** Whether strength shortens the run, or `steps` always run. */
type StepPolicy = (typeof stepPolicies)[number]

/**
 * How long a schedule is built and how many of its steps, the last ones, run for `steps` (1–150) at `strength` (0–1).
 *
 * - `proportional` under `a1111`: int(min(strength, 0.999) · steps) + 1 of `steps` (AUTOMATIC1111 v1.10,
 * `modules/sd_samplers_common.py`, setup_img2img_steps).
 * - `proportional` under `diffusers`: int(steps · strength) of `steps` (`pipeline_stable_diffusion_img2img.py`,
 * get_timesteps).
 * - `exact`: `steps` of int(steps / min(strength, 0.999)).
 * - strength 0 runs nothing; `diffusers` may also come to 0 steps with a strength above 0, which {@link refusals}
 * tells.
 */
export function planSteps(
  semantics: Semantics,
  stepPolicy: StepPolicy,
  steps: number,
  strength: number,
): { scheduleSteps: number; stepsRun: number } {
  if (strength === 0) return { scheduleSteps: steps, stepsRun: 0 }
  const capped = Math.min(strength, 0.999)
  if (stepPolicy === 'exact') return { scheduleSteps: Math.trunc(steps / capped), stepsRun: steps }
  if (semantics === 'diffusers') {
    return { scheduleSteps: steps, stepsRun: Math.min(Math.trunc(steps * strength), steps) }
  }
  return { scheduleSteps: steps, stepsRun: Math.trunc(capped * steps) + 1 }
}

/** Sampler steps that really run: the figure in `parameters.steps_run`. See {@link planSteps}. */
export function stepsRun(semantics: Semantics, stepPolicy: StepPolicy, steps: number, strength: number): number {
  return planSteps(semantics, stepPolicy, steps, strength).stepsRun
}
