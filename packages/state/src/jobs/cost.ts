import type { JobRequest } from '@pentimento/contracts'

/** Megapixel-steps of a job, the unit of fairness and quotas. A job of no steps still encodes and decodes, and counts as one. */
export function jobCost({ width, height, num_images, steps_run }: JobRequest['parameters']): number {
  return (width * height * num_images * Math.max(1, steps_run)) / 1e6
}
