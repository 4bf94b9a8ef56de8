import type { ModelEntry } from '@pentimento/contracts'
import { versionOf } from '@pentimento/state'
import type { Caller } from '../../http/auth.ts'
import { HttpProblem } from '../../http/problem.ts'
import type { DialectDeps } from '../run-jobs.ts'

/** Names under which code asks for the models that Replicate has; the default one stands for them. */
const wellKnown = [
  'stability-ai/stable-diffusion',
  'stability-ai/stable-diffusion-img2img',
  'stability-ai/stable-diffusion-inpainting',
  'stability-ai/sdxl',
]

/** Those that a caller may use. */
export async function modelsOf({ intake }: DialectDeps, caller: Caller): Promise<ModelEntry[]> {
  const ids = await intake.models.usable(caller)
  return Promise.all(ids.map((id) => intake.models.find(caller, id)))
}

/**
 * The model that a client means: by `owner/name`, with a version or without, by a version alone, or by its id.
 *
 * @throws HttpProblem `not_found`
 */
export async function findModel(deps: DialectDeps, caller: Caller, reference: string): Promise<ModelEntry> {
  const models = await modelsOf(deps, caller)
  const [named = '', version] = reference.split(':')
  const name = named.replace(/^[^/]*\//, '')
  const found = models.find(
    ({ id }) => id === name || versionOf(id) === named || (version !== undefined && versionOf(id) === version),
  )
  if (found) return found
  if (wellKnown.includes(named)) return deps.intake.models.find(caller, undefined)
  const known = models.map(({ id }) => `pentimento/${id}`).join(', ')
  throw new HttpProblem('not_found', `there is no such model; known: ${known}`)
}
