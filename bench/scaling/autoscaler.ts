import type { Policy, Seen } from './policies.ts'

/** Seconds between two looks, as the HorizontalPodAutoscaler's and as the chart sets KEDA's. */
export const lookSeconds = 15
const tolerance = 0.1
const stabilizationSeconds = 300
const cooldownSeconds = 300

/**
 * Says how many workers there should be, as Kubernetes' HorizontalPodAutoscaler does of averages (tolerance, at most
 * twice as many or four more in 15 seconds, down to the most that was wanted in five minutes), and KEDA between none and
 * one.
 */
export function createAutoscaler({
  least,
  most,
  triggers,
}: Policy): (now: number, workers: number, seen: Seen) => number {
  const wanted: { at: number; workers: number }[] = []
  let lastActive = 0

  return (now, workers, seen) => {
    if (triggers.length === 0) return least
    const isActive = triggers.some(({ read }) => read(seen) > 0)
    if (isActive) lastActive = now
    if (workers === 0) return isActive ? Math.max(1, least) : least
    if (least === 0 && !isActive && now - lastActive >= cooldownSeconds) return 0
    const desired = Math.max(...triggers.map(({ read, target }) => desiredBy(read(seen), target, workers)))
    const bounded = Math.min(most, Math.max(1, least, Math.min(desired, workers + Math.max(4, workers))))
    wanted.push({ at: now, workers: bounded })
    while ((wanted[0]?.at ?? now) < now - stabilizationSeconds) wanted.shift()
    return bounded >= workers ? bounded : Math.min(workers, Math.max(...wanted.map((one) => one.workers)))
  }
}

function desiredBy(value: number, target: number, workers: number): number {
  const ratio = value / workers / target
  return Math.abs(ratio - 1) <= tolerance ? workers : Math.ceil(value / target)
}
