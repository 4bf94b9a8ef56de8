import { getStroke } from 'perfect-freehand'

/** A point of a stroke in pixels of the picture, with the pen's pressure (0–1; 0.5 for a mouse or finger). */
export type StrokePoint = [x: number, y: number, pressure: number]

export interface StrokeStyle {
  /** Diameter in pixels. */
  size: number
  /** Whether pressure changes the width. */
  pressure: boolean
}

/** The outline of a stroke as a closed polygon. */
export function strokeOutline(points: readonly StrokePoint[], style: StrokeStyle): [number, number][] {
  return getStroke(points as StrokePoint[], {
    size: style.size,
    thinning: style.pressure ? 0.7 : 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  }) as [number, number][]
}

/** SVG path data through the middle of each edge of the polygon, its corners rounded by quadratic curves. */
export function smoothPath(outline: readonly (readonly [number, number])[]): string {
  const [first] = outline
  if (first === undefined) return ''
  const corners = outline.map(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? first
    return `Q${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)}`
  })
  const [lastX, lastY] = outline.at(-1) ?? first
  return `M${round((lastX + first[0]) / 2)} ${round((lastY + first[1]) / 2)}${corners.join('')}Z`
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

function round(value: number): number {
  return Math.round(value * 100) / 100
}
