/** A step that was seen, and when (ms). */
export interface StepSeen {
  step: number
  at: number
}

/** Seconds until the last step, from the pace between the first and the latest step seen; null until two are known. */
export function secondsLeft(first: StepSeen, latest: StepSeen, steps: number): number | null {
  if (latest.step <= first.step || latest.at <= first.at) return null
  return ((steps - latest.step) * (latest.at - first.at)) / (latest.step - first.step) / 1000
}

/** "a moment", "12 s", "3 min". */
export function timeWords(seconds: number): string {
  if (seconds < 1.5) return 'a moment'
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
}
