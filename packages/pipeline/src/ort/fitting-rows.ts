/** What is known of a device's memory: rows of so many latents fit into one call, so many of them and no more. */
export interface FittingRows {
  latents: number
  rows: number
}

/**
 * How many rows of another size surely fit. What attention keeps grows with the square of the latents at most, what
 * layers keep with their number; two rows, one guided picture, are always tried.
 */
export function fittingRows({ latents, rows }: FittingRows, others: number): number {
  const share = latents / others
  return Math.max(2, Math.floor(rows * (share < 1 ? share ** 2 : share)))
}
