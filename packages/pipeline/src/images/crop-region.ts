import type { GrayImage } from '../request.ts'
import { maskBounds } from './mask.ts'
import type { Box } from './raster.ts'

/**
 * The box that "only masked" works on, in pixels of the mask: the bounds of what is repainted, `padding` more on each
 * side, then widened to the working size's shape as far as the picture reaches. Null when the mask repaints nothing.
 * AUTOMATIC1111's `get_crop_region_v2` and `expand_crop_region` (modules/masking.py).
 */
export function cropRegion(mask: GrayImage, padding: number, width: number, height: number): Box | null {
  const bounds = maskBounds(mask)
  if (!bounds) return null
  const [x1, y1, x2, y2] = [
    Math.max(bounds[0] - padding, 0),
    Math.max(bounds[1] - padding, 0),
    Math.min(bounds[2] + padding, mask.width),
    Math.min(bounds[3] + padding, mask.height),
  ]
  const ratio = width / height
  if ((x2 - x1) / (y2 - y1) > ratio) {
    const [top, bottom] = widen(y1, y2, (x2 - x1) / ratio, mask.height)
    return [x1, top, x2, bottom]
  }
  const [left, right] = widen(x1, x2, (y2 - y1) * ratio, mask.width)
  return [left, y1, right, y2]
}

/** Widens from … to to `desired` around its middle, then shifts it back inside 0 … limit, then cuts. */
function widen(from: number, to: number, desired: number, limit: number): [number, number] {
  const growth = Math.trunc(desired - (to - from))
  let start = from - Math.floor(growth / 2)
  let end = to + growth - Math.floor(growth / 2)
  if (end >= limit) {
    start -= end - limit
    end = limit
  }
  if (start < 0) {
    end -= start
    start = 0
  }
  return [start, Math.min(end, limit)]
}
