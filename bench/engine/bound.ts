import { textMs, unetMs, vaeMs } from './gpu-times.ts'

/** What of an ended job says how much it asked of the device. */
export interface Painted {
  modelCalls: number
  /** Rows of each call: two with guidance. */
  rows: number
}

/** Rows of a full call. */
const full = 16

/**
 * What the device needs at least for these jobs of 512 × 512: every call of the UNet full, nothing between two calls.
 */
export function boundMs(jobs: readonly Painted[]): number {
  const perRow = unetMs(full) / full
  return jobs.reduce(
    (sum, { modelCalls, rows }) => sum + modelCalls * rows * perRow + rows * textMs + vaeMs(true) + vaeMs(false),
    0,
  )
}
