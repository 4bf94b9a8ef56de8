import { stepsRun } from '@pentimento/vocabulary'
import type { Settings } from '../state/settings.ts'

/** How many steps will really run, in words; empty when the settings do not say. */
export function stepLine(settings: Pick<Settings, 'steps' | 'strength' | 'semantics' | 'step_policy'>): string {
  const steps = Number(settings.steps)
  const strength = Number(settings.strength)
  const unclear = settings.steps.trim() === '' || settings.strength.trim() === ''
  if (unclear || !Number.isInteger(steps) || steps < 1 || !(strength >= 0 && strength <= 1)) return ''
  const semantics = settings.semantics === 'diffusers' ? 'diffusers' : 'a1111'
  const policy = settings.step_policy === 'exact' ? 'exact' : 'proportional'
  const run = stepsRun(semantics, policy, steps, strength)
  if (run === 0)
    return strength === 0 ? 'No step will run: the picture stays as it is' : 'Too few steps: none would run'
  return run === steps ? `All ${steps} steps will run` : `${run} of ${steps} steps will run`
}
