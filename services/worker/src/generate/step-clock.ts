import type { EngineProgress } from '../engine/converse.ts'

/** Times the sampler's steps by the progress that the engine reports. */
export function stepClock(
  observe: (seconds: number) => void,
  now: () => number = () => performance.now(),
): (progress: EngineProgress) => void {
  let step = 0
  let since: number | undefined
  return ({ phase, step: reached }) => {
    if (phase !== 'denoising') return
    const at = now()
    if (reached > step && since !== undefined) observe((at - since) / 1000 / (reached - step))
    step = reached
    since = at
  }
}
