import type { DiffusersSamplerName } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

/** Names of solvers that diffusers takes for the sampler's own, coming from another class's configuration. */
const sameSolver: Partial<Record<DiffusersSamplerName, readonly string[]>> = {
  dpmpp_2m: ['midpoint', 'logrho', 'bh1', 'bh2'],
  dpmpp_2m_sde: ['midpoint', 'logrho', 'bh1', 'bh2'],
  unipc: ['bh2', 'midpoint', 'heun', 'logrho'],
}

/**
 * A configuration may ask diffusers' class for another solver than the one that the sampler's name stands for.
 *
 * @throws PipelineError `not_supported` with the option, since following it would be another sampler.
 */
export function checkClassOptions(sampler: DiffusersSamplerName, { solver }: SchedulerConfig): void {
  if (sampler === 'pndm' && solver.rungeKutta) refuse(sampler, 'skip_prk_steps: false')
  const solverNames = sameSolver[sampler]
  if (!solverNames) return
  if (solver.order !== 2) refuse(sampler, `solver_order: ${solver.order}`)
  if (solver.type !== null && !solverNames.includes(solver.type)) refuse(sampler, `solver_type: "${solver.type}"`)
  if (sampler !== 'unipc') return
  if (!solver.lowerOrderFinal) refuse(sampler, 'lower_order_final: false')
  if (solver.predictsNoise) refuse(sampler, 'predict_x0: false')
  if (solver.skipsCorrector) refuse(sampler, 'disable_corrector')
}

function refuse(sampler: DiffusersSamplerName, option: string): never {
  const message = `The model's scheduler_config.json asks for ${option}, which is another sampler than ${sampler}.`
  throw new PipelineError('not_supported', `${message} Choose another sampler, or semantics a1111.`)
}
