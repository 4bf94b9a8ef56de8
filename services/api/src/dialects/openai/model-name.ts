import type { ModelEntry } from '@pentimento/contracts'
import type { Caller } from '../../http/auth.ts'
import type { DialectDeps } from '../run-jobs.ts'

/** What clients name without being asked: OpenAI's own models, a setting that was left empty. */
const foreign = /^(openai\/)?(gpt|chatgpt|dall-?e|o\d|sora)([-.\d]|$)|^(none|null|undefined|default|auto)$/i

/**
 * The model that a client means: the default one where it names one of OpenAI's.
 *
 * @throws HttpProblem `unknown_model`
 */
export function findModel({ intake }: DialectDeps, caller: Caller, named: string | undefined): Promise<ModelEntry> {
  const name = named?.trim() ?? ''
  return intake.models.find(caller, name === '' || foreign.test(name) ? undefined : name)
}

/** The one of OpenAI's models that takes the holes of a picture for its mask. */
export function readsHoles(named: string | undefined): boolean {
  return /^(openai\/)?dall-?e-2$/i.test(named?.trim() ?? '')
}
