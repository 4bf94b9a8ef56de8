const seconds = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600]
const jitter = 0.1

/** Milliseconds to wait after the 1st … 9th failed try; after the 10th there is no other. @param random from [0, 1) */
export function retryDelays(random: () => number): number[] {
  return seconds.map((delay) => Math.round(delay * 1000 * (1 + jitter * (2 * random() - 1))))
}
