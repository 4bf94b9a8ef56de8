import { fieldProblem } from '../../http/problem.ts'
import { asObject } from './values.ts'

interface UnitPictures {
  picture: string | null
  mask: string | null
}

/**
 * A unit's picture and mask, in each way in which the extension's API takes them: texts beside each other, an object of
 * both, or a list of one of these.
 *
 * @param unit what errors call it
 * @throws HttpProblem for several pictures, and for what is no text
 */
export function unitPictures(image: unknown, mask: unknown, unit: string): UnitPictures {
  if (Array.isArray(image)) {
    const [first, second, ...more] = image
    const isPair = typeof first === 'string' && !Array.isArray(second) && image.length === 2
    if (more.length > 0 || (image.length === 2 && !isPair))
      throw fieldProblem('not_supported', `${unit} image`, 'a unit takes one picture here')
    return unitPictures(first, isPair ? (second ?? mask) : mask, unit)
  }
  if (typeof image === 'object' && image !== null) {
    const { image: own, mask: ownMask } = asObject(image)
    return { picture: textOf(own, `${unit} image`), mask: textOf(ownMask ?? mask, `${unit} mask`) }
  }
  return { picture: textOf(image, `${unit} image`), mask: textOf(mask, `${unit} mask`) }
}

function textOf(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw fieldProblem('invalid_fields', field, 'Invalid encoded image')
  return value.trim() || null
}
