import { adamsBashforth } from './pndm.ts'
import type { Sampler } from './sampler.ts'
import { reread, type Transfer } from './transfer.ts'

/**
 * diffusers' PNDMScheduler with `skip_prk_steps`, step by step. Its first two model calls make one step, the second
 * asking at the first one's end; later ones join up to four outputs. It counts calls and not timesteps: begun in the
 * middle of its list, the second call may ask at another level than the latents have, and all that follow.
 *
 * @param prediction what the joined outputs are: a model of velocities has those joined, not the noise within
 */
export function plms(transfers: readonly Transfer[], prediction: 'epsilon' | 'v'): Sampler {
  return async function* (denoise, x) {
    const steps = Math.max(transfers.length - 1, 1)
    const first = x.slice()
    const denoised = new Float32Array(x.length)
    const joined = new Float32Array(x.length)
    const outputs: Float32Array[] = []
    let level = transfers[0].seen
    for (const [i, { seen, from, to }] of transfers.entries()) {
      reread(x, level, seen)
      await denoise(x, seen, denoised)
      const output = modelOutput(x, denoised, seen, prediction)
      if (i === 1) {
        for (let k = 0; k < x.length; k++) joined[k] = (output[k] + outputs[0][k]) / 2
        x.set(first)
        reread(x, transfers[0].seen, from)
      } else {
        outputs.unshift(output)
        outputs.splice(adamsBashforth.length)
        const weights = adamsBashforth[outputs.length - 1]
        joined.fill(0)
        outputs.forEach((past, j) => {
          for (let k = 0; k < x.length; k++) joined[k] += weights[j] * past[k]
        })
        reread(x, seen, from)
      }
      const root = Math.sqrt(1 + from ** 2)
      for (let k = 0; k < x.length; k++) {
        const noise = prediction === 'epsilon' ? joined[k] : (joined[k] + (from * x[k]) / root) / root
        x[k] += (to - from) * noise
      }
      level = to
      if (i > 0 || transfers.length === 1) yield { step: Math.max(i, 1), steps, sigma: seen, x, denoised }
    }
  }
}

/** What the model said, taken back out of the estimate that was made of it. */
function modelOutput(
  x: Float32Array,
  denoised: Float32Array,
  sigma: number,
  prediction: 'epsilon' | 'v',
): Float32Array {
  if (prediction === 'epsilon') return x.map((value, k) => (value - denoised[k]) / sigma)
  const variance = 1 + sigma ** 2
  return x.map((value, k) => ((value / variance - denoised[k]) * Math.sqrt(variance)) / sigma)
}
