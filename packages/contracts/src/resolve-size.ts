import type { ModelEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'
import type { Img2imgFields } from './fields.ts'
import { limits } from './limits.ts'

export interface Size {
  width: number
  height: number
}

/**
 * The working size in pixels: what was asked for; one side alone brings the other by the input's aspect; none takes the
 * model's native area (or, under `diffusers`, the input's size floored). What is not asked for is a multiple of
 * `multiple` and keeps the aspect, even beyond the limits.
 *
 * @param own the input's size is kept as far as `multiple` lets it
 */
export function resolveSize(
  fields: Pick<Img2imgFields, 'width' | 'height' | 'semantics'>,
  nativeSize: number,
  input: Size,
  multiple: number = limits.sizeMultiple,
  own = false,
): Size {
  const { width, height } = fields
  const nearest = (value: number) => Math.max(1, Math.round(value / multiple)) * multiple
  const floor = (value: number) => Math.max(1, Math.floor(value / multiple)) * multiple
  const aspect = input.width / input.height
  if (width !== undefined && height !== undefined) return { width, height }
  if (width !== undefined) return { width, height: nearest(width / aspect) }
  if (height !== undefined) return { width: nearest(height * aspect), height }
  if (fields.semantics === 'diffusers') {
    return { width: floor(input.width), height: floor(input.height) }
  }
  if (own) return { width: nearest(input.width), height: nearest(input.height) }
  return { width: nearest(nativeSize * Math.sqrt(aspect)), height: nearest(nativeSize / Math.sqrt(aspect)) }
}

/** What this model cannot work with, of sides that were asked for and sides that follow from the input alike. */
export function sizeIssues(
  asked: Pick<Img2imgFields, 'width' | 'height'>,
  size: Size,
  sizes: ModelEntry['sizes'],
): FieldIssue[] {
  const { min, max, multiple } = sizes
  return (['width', 'height'] as const).flatMap((name): FieldIssue[] => {
    const value = size[name]
    const isWithin = value >= min && value <= max
    if (isWithin && value % multiple === 0) return []
    const takes = isWithin ? `multiples of ${multiple}` : `${min} to ${max}`
    const why =
      asked[name] === undefined ? `taken from the input it would be ${value}: send width and height` : `not ${value}`
    return [{ code: 'invalid_fields', pointer: `/${name}`, detail: `this model takes ${takes} pixels; ${why}` }]
  })
}
