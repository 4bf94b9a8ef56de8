import { type Extension, extendedSize, extendFields, isExtended } from '@pentimento/vocabulary'
import type { FieldIssue } from './field-issue.ts'
import { imageLimits } from './limits.ts'
import type { InpaintParameters, Parameters, Txt2imgParameters } from './parameters.ts'
import type { Size } from './resolve-size.ts'

/** Of what a job works on, in pixels: its input, with what that is extended by. */
export function canvasSize(input: Size, parameters: Txt2imgParameters | Parameters | InpaintParameters): Size {
  return 'extend_left' in parameters ? extendedSize(input, parameters) : input
}

/** What is wrong with the canvas that an input grows to: it may be no larger than a picture that is sent. */
export function canvasIssues(input: Size, by: Extension): FieldIssue[] {
  if (!isExtended(by)) return []
  const { width, height } = extendedSize(input, by)
  const { maxPixels, maxSide, maxAspect } = imageLimits
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  if (width * height <= maxPixels && long <= maxSide && long <= short * maxAspect) return []
  const names = Object.keys(extendFields) as (keyof Extension)[]
  const pointer = `/${names.find((name) => by[name] > 0)}`
  const most = `${maxPixels} pixels, ${maxSide} a side and sides of 1:${maxAspect}`
  return [{ code: 'invalid_fields', pointer, detail: `the canvas would grow to ${width} × ${height}; at most ${most}` }]
}
