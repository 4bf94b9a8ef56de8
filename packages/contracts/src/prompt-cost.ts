import { joinedPrompts } from '@pentimento/vocabulary'
import type { Parameters } from './parameters.ts'

/** How many times the work of one prompt a job's prompt is: each that `AND` joins is asked about beside the negative one. */
export function promptCost({ prompt, semantics }: Pick<Parameters, 'prompt' | 'semantics'>): number {
  return semantics === 'a1111' ? (joinedPrompts(prompt).length + 1) / 2 : 1
}
