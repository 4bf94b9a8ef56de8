import type { Semantics, StepPolicy } from './request.ts'

/**
 * How long a schedule is built and how many of its steps run.
 *
 * - `proportional` under `a1111`: int(min(strength, 0.999) · steps) + 1 of `steps` (webui 1.10, setup_img2img_steps).
 * - `proportional` under `diffusers`: int(steps · strength) of `steps` (get_timesteps of its img2img pipelines).
 * - `exact`: `steps` of int(steps / min(strength, 0.999)).
 * - strength 0 runs nothing; `diffusers` may also come to 0 steps with a strength above 0, which callers refuse.
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

/** Sampler steps that a request runs. See {@link planSteps}. */
export function stepsRun(semantics: Semantics, stepPolicy: StepPolicy, steps: number, strength: number): number {
  return planSteps(semantics, stepPolicy, steps, strength).stepsRun
}
