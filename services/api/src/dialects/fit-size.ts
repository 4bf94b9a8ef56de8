import { type JobWarning, limits, type ModelEntry } from '@pentimento/contracts'

export interface Size {
  width: number
  height: number
}

interface Fitted {
  /** What the model paints: within its range. */
  painted: Size
  /** What the client gets. Its sides are the painted ones where the model can paint them. */
  result: Size
}

/**
 * Sizes are fitted, not refused: sides are floored to what the model takes, and a size out of its range is painted as
 * near to it as the model can, by one factor for both sides, and then scaled. Only what no model paints is made smaller
 * for good.
 *
 * @param asked in pixels; any number
 */
export function fitSize(asked: Size, { sizes }: Pick<ModelEntry, 'sizes'>): Fitted {
  const { min, max, multiple } = sizes
  const isWithin = ({ width, height }: Size) => Math.min(width, height) >= min && Math.max(width, height) <= max
  const floored = mapSides(asked, (side) => floorTo(side, multiple))
  if (isWithin(floored)) return { painted: floored, result: floored }
  const largest = limits.sizeMax / Math.max(limits.sizeMax, asked.width, asked.height)
  const result = mapSides(asked, (side) => floorTo(side * largest, limits.sizeMultiple))
  const factor = Math.min(
    max / Math.max(result.width, result.height),
    Math.max(1, min / Math.min(result.width, result.height)),
  )
  const [least, most] = [Math.ceil(min / multiple) * multiple, floorTo(max, multiple)]
  const painted = mapSides(result, (side) =>
    Math.min(most, Math.max(least, Math.round((side * factor) / multiple) * multiple)),
  )
  return { painted, result }
}

/** What a job says of a size that its model did not paint. */
export function sizeWarning({ painted, result }: Fitted): JobWarning | null {
  if (painted.width === result.width && painted.height === result.height) return null
  const message = `painted at ${sizeText(painted)}, which the model can, and scaled to ${sizeText(result)}`
  return { code: 'size_fitted', message }
}

export function sizeText({ width, height }: Size): string {
  return `${width}x${height}`
}

/** Reads `512x512`; null for anything else. */
export function parseSize(text: unknown): Size | null {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/i.exec(typeof text === 'string' ? text.trim() : '') ?? []
  return width === undefined ? null : { width: Number(width), height: Number(height) }
}

function mapSides({ width, height }: Size, change: (side: number) => number): Size {
  return { width: change(width), height: change(height) }
}

function floorTo(side: number, multiple: number): number {
  return Math.max(1, Math.floor(side / multiple)) * multiple
}
