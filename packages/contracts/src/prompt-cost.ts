import { joinedPrompts } from '@pentimento/vocabulary'
import type { Parameters } from './parameters.ts'

/** How many times one prompt's work a job's is: each that `AND` joins is asked about beside the negative one. */
export function promptCost({ prompt, semantics }: Pick<Parameters, 'prompt' | 'semantics'>): number {
  return semantics === 'a1111' ? (joinedPrompts(prompt).length + 1) / 2 : 1
}
