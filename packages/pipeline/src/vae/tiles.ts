/** Part of an axis, in latents. */
export interface Span {
  start: number
  length: number
}

/** Tiles overlap by 128 pixels where their size allows it: a quarter on each side is thrown away, half is blended. */
const overlap = 16

/**
 * Cuts an axis into spans of equal length, none above `limit`, that overlap their neighbours and nobody else.
 *
 * @param limit at least 4
 */
export function cutAxis(length: number, limit: number): Span[] {
  if (length <= limit) return [{ start: 0, length }]
  const shared = Math.min(overlap, Math.floor(limit / 4))
  const count = Math.ceil((length - shared) / (limit - shared))
  const size = Math.ceil((length + (count - 1) * shared) / count)
  return Array.from({ length: count }, (_, i) => ({
    start: Math.round((i * (length - size)) / (count - 1)),
    length: size,
  }))
}

/**
 * Spans of both axes whose tiles have at most `area` latents each; one tile if all of it fits.
 *
 * @param area at least 16
 */
export function cutPlane(width: number, height: number, area: number): { columns: Span[]; rows: Span[] } {
  const side = Math.floor(Math.sqrt(area))
  const fits = width * height <= area
  const limitX = fits || width <= side ? width : height <= side ? Math.floor(area / height) : side
  const limitY = fits || height <= side ? height : width <= side ? Math.floor(area / width) : side
  return { columns: cutAxis(width, limitX), rows: cutAxis(height, limitY) }
}

/**
 * What each position of span `index` counts in the whole, 0–1: over all spans the weights of a position sum to 1.
 * Within an overlap the outer quarters, which know least of what lies beyond the tile's edge, count nothing.
 *
 * @param scale positions for each latent, along one side
 */
export function blendWeights(spans: readonly Span[], index: number, scale: number): Float64Array {
  const { start, length } = spans[index]
  return Float64Array.from({ length: length * scale }, (_, i) => {
    const position = start + (i + 0.5) / scale
    return shareOfLater(spans, index, position) * (1 - shareOfLater(spans, index + 1, position))
  })
}

/** How much span `index` has taken over from the one before it. */
function shareOfLater(spans: readonly Span[], index: number, position: number): number {
  if (index === 0) return 1
  if (index === spans.length) return 0
  const { start } = spans[index]
  const end = spans[index - 1].start + spans[index - 1].length
  return Math.min(Math.max(((position - start) / (end - start) - 0.25) * 2, 0), 1)
}
