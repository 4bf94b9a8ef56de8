import type { JobRequest, SafetyPolicy } from '@pentimento/contracts'
import type { Caller } from '../http/auth.ts'
import { fieldProblem } from '../http/problem.ts'
import type { KnownModel } from './find-model.ts'

/**
 * What is done with a job's results: as the caller's key says, else as the deployment does.
 *
 * @throws HttpProblem where they are to be looked at and the model's workers cannot
 */
export function safetyFor({ limits }: Caller, deployment: SafetyPolicy, model: KnownModel): Pick<JobRequest, 'safety'> {
  const policy = limits.safety ?? deployment
  if (policy === 'off') return {}
  if (model.safety_checker) return { safety: policy }
  const detail = `results are to be checked (${policy}), and no worker of ${model.id} has a safety checker`
  throw fieldProblem('not_supported', 'model', detail)
}
