/** A point of a stroke in pixels of the board, with the pen's pressure (0–1). */
export type StrokePoint = [x: number, y: number, pressure: number]

export interface StrokeStyle {
  /** Diameter in pixels. */
  size: number
  /** Whether pressure changes the width. */
  pressure: boolean
}

/** A part of a stroke, to be drawn with round ends: SVG path data and its width in pixels. */
export interface Segment {
  path: string
  width: number
}

/** How far each point follows the hand: less smooths the tremor of a mouse, and lags behind. */
const follow = 0.7
/** Width of the lightest touch, as a part of the full width. */
const lightest = 0.2

/**
 * A stroke as smooth curves: quadratic ones whose control points are the hand's and whose ends lie half way between them. A stroke of one width is one
 * segment, so that it covers itself evenly; with pressure every curve has its own.
 */
export function strokeSegments(points: readonly StrokePoint[], style: StrokeStyle): Segment[] {
  const smooth = steadied(points)
  const [first, second] = smooth
  if (first === undefined) return []
  const width = (pressure: number) => style.size * (style.pressure ? lightest + (1 - lightest) * pressure : 1)
  // A line of no length draws nothing, not even its round ends, in some browsers.
  if (second === undefined) return [{ path: `M${at(first)}l.01 0`, width: width(first[2]) }]
  const curves = smooth.slice(1).map((point, index) => {
    const before = smooth[index] ?? first
    const start = index === 0 ? first : middle(smooth[index - 1] ?? first, before)
    const end = index === smooth.length - 2 ? point : middle(before, point)
    return { start: `M${at(start)}`, curve: `Q${at(before)} ${at(end)}`, width: width((before[2] + point[2]) / 2) }
  })
  if (style.pressure) return curves.map(({ start, curve, width }) => ({ path: start + curve, width }))
  return [{ path: `M${at(first)}${curves.map(({ curve }) => curve).join('')}`, width: style.size }]
}

/** The rectangle around a stroke, with room for its width and soft edge. */
export function strokeBounds(
  points: readonly StrokePoint[],
  size: number,
): { left: number; top: number; right: number; bottom: number } {
  const margin = size / 2 + 2
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const [x, y] of points) {
    bounds.left = Math.min(bounds.left, x - margin)
    bounds.top = Math.min(bounds.top, y - margin)
    bounds.right = Math.max(bounds.right, x + margin)
    bounds.bottom = Math.max(bounds.bottom, y + margin)
  }
  return bounds
}

/** Each point moved most of the way from the last; the stroke still ends where the hand ended. */
function steadied(points: readonly StrokePoint[]): StrokePoint[] {
  const steady: StrokePoint[] = []
  for (const [index, point] of points.entries()) {
    const last = steady.at(-1)
    const part = last === undefined || index === points.length - 1 ? 1 : follow
    steady.push(last === undefined ? point : between(last, point, part))
  }
  return steady
}

function middle(a: StrokePoint, b: StrokePoint): StrokePoint {
  return between(a, b, 0.5)
}

function between(a: StrokePoint, b: StrokePoint, part: number): StrokePoint {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part]
}

function at([x, y]: StrokePoint): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`
}
