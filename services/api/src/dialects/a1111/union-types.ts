import { type ControlType, controlTypes, webuiControlTypes } from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'

/** Tags of the extension's page that stand for a kind of picture of another name. */
const tags: Readonly<Record<string, ControlType>> = {
  softedge: 'scribble',
  canny: 'lineart',
  mlsd: 'lineart',
  normalmap: 'normal',
  segmentation: 'segment',
  blur: 'tile',
}

/**
 * What the extension calls `union_control_type`: its own labels, tags of its page, or our names, however they are
 * written.
 *
 * @returns null where nothing is said, which is "Unknown" too
 * @throws HttpProblem for another word
 */
export function unionType(named: string, field: string): ControlType | null {
  const word = plain(named)
  if (word === '' || word === 'unknown') return null
  const type = controlTypes.find((one) => one === word || plain(webuiControlTypes[one]) === word) ?? tags[word]
  if (type !== undefined) return type
  throw fieldProblem('invalid_fields', field, `must be one of ${Object.values(webuiControlTypes).join(', ')}`)
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z]/g, '')
}
