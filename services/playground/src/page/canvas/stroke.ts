/** A point of a stroke in pixels of the board, with the pen's pressure (0–1). */
export type StrokePoint = [x: number, y: number, pressure: number]

interface StrokeStyle {
  /** Diameter in pixels. */
  size: number
  /** Whether pressure changes the width. */
  pressure: boolean
}

/** A part of a stroke, to be drawn with round ends: SVG path data and its width in pixels. */
interface Segment {
  path: string
  width: number
}

/** Width of the lightest touch, as a part of the full width. */
const lightest = 0.2
/**
 * Points nearer to each other than this (pixels) show the tremor of the hand and the grid of the screen rather than the
 * line.
 */
const grain = 2.5

/**
 * A stroke as smooth curves through the points of the hand (Catmull and Rom 1974, as cubic Bézier curves). A stroke of
 * one width is one segment, so that it covers itself evenly; with pressure every curve has its own.
 */
export function strokeSegments(points: readonly StrokePoint[], style: StrokeStyle): Segment[] {
  const kept = withoutGrain(points)
  const [first] = kept
  if (first === undefined) return []
  const width = (pressure: number) => style.size * (style.pressure ? lightest + (1 - lightest) * pressure : 1)
  // A line of no length draws nothing, not even its round ends, in some browsers.
  if (kept.length === 1) return [{ path: `M${at(first)}l.01 0`, width: width(first[2]) }]
  const curves = curvesThrough(kept)
  if (!style.pressure) return [{ path: `M${at(first)}${curves.map(({ path }) => path).join('')}`, width: style.size }]
  return curves.map(({ from, to, path }) => ({ path: `M${at(from)}${path}`, width: width((from[2] + to[2]) / 2) }))
}

/** The rectangle around a stroke, with room for its width, its curves and its soft edge. */
export function strokeBounds(
  points: readonly StrokePoint[],
  size: number,
): { left: number; top: number; right: number; bottom: number } {
  const margin = size / 2 + 2
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  const kept = withoutGrain(points)
  // A Bézier curve stays within its control points.
  for (const [x, y] of [...kept, ...curvesThrough(kept).flatMap(({ controls }) => controls)]) {
    bounds.left = Math.min(bounds.left, x - margin)
    bounds.top = Math.min(bounds.top, y - margin)
    bounds.right = Math.max(bounds.right, x + margin)
    bounds.bottom = Math.max(bounds.bottom, y + margin)
  }
  return bounds
}

interface Curve {
  from: StrokePoint
  to: StrokePoint
  controls: [[number, number], [number, number]]
  path: string
}

function curvesThrough(points: readonly StrokePoint[]): Curve[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to
    const before = points[index - 1] ?? from
    const after = points[index + 2] ?? to
    const first: [number, number] = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const second: [number, number] = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    return { from, to, controls: [first, second], path: `C${at(first)} ${at(second)} ${at(to)}` }
  })
}

/** The stroke without points that are almost where the last one was; it still ends where the hand ended. */
function withoutGrain(points: readonly StrokePoint[]): StrokePoint[] {
  const kept: StrokePoint[] = []
  for (const [index, point] of points.entries()) {
    const last = kept.at(-1)
    const near = last !== undefined && Math.hypot(point[0] - last[0], point[1] - last[1]) < grain
    if (!near) kept.push(point)
    else if (index === points.length - 1 && kept.length > 1) kept[kept.length - 1] = point
  }
  return kept
}

function at([x, y]: readonly number[]): string {
  return `${hundredths(x)} ${hundredths(y)}`
}

function hundredths(value = 0): number {
  return Math.round(value * 100) / 100
}
