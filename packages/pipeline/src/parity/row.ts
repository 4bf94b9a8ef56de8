/** One comparison with a reference implementation: a line of docs/parity.md and a test. */
export interface ParityRow {
  /** The table that the line stands in. */
  group: string
  /** What is compared. */
  subject: string
  /** The reference: project, function or class. */
  reference: string
  /** What the number means. */
  unit: string
  /** The largest number that passes. */
  limit: number
  /** How much was compared, as "165 trajectories". */
  extent: string
  /** A sentence on why the number may differ on another machine; absent where it cannot. */
  varies?: string
  /** The largest difference found. */
  measure: () => number | Promise<number>
}

/** The largest of many measurements; NaN if one is. */
export function worst(measurements: Iterable<number>): number {
  let largest = 0
  for (const measurement of measurements) {
    if (!(measurement <= largest)) largest = measurement
  }
  return largest
}
