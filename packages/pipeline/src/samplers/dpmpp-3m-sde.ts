import { addNoise } from './add-noise.ts'
import type { Sampler } from './sampler.ts'

/**
 * DPM-Solver++(3M) for the SDE, η = 1: third order from the three latest estimates, fresh noise at every step but the
 * last. k-diffusion's `sample_dpmpp_3m_sde`, after Lu et al. 2022 (arXiv:2211.01095).
 */
export const dpmpp3mSde: Sampler = async function* (denoise, x, sigmas, noise) {
  const steps = sigmas.length - 1
  const buffer = new Float32Array(x.length)
  let [denoised, previous, older] = [0, 1, 2].map(() => new Float32Array(x.length))
  let [lastH, olderH] = [0, 0]
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const h = Math.log(sigma) - Math.log(next)
    const keep = (next / sigma) ** 2
    const { first, second } = next === 0 ? noCorrection : correction(i, h, lastH, olderH)
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) {
      const change = first * (denoised[k] - previous[k]) + second * (previous[k] - older[k])
      x[k] = keep * x[k] + (1 - keep) * denoised[k] + change
    }
    addNoise(x, next * Math.sqrt(1 - keep), noise, buffer)
    yield { step: i + 1, steps, sigma, x, denoised }
    ;[denoised, previous, older] = [older, denoised, previous]
    ;[lastH, olderH] = [h, lastH]
  }
}

const noCorrection = { first: 0, second: 0 }

/** The weights of the latest and the earlier change of the estimate: none at first, then second order, then third. */
function correction(step: number, h: number, lastH: number, olderH: number): { first: number; second: number } {
  if (step === 0) return noCorrection
  const phi2 = Math.expm1(-2 * h) / (2 * h) + 1
  const rate = h / lastH
  if (step === 1) return { first: phi2 * rate, second: 0 }
  const phi3 = phi2 / (2 * h) - 0.5
  const olderRate = h / olderH
  const [r0, r1] = [lastH / h, olderH / h]
  const curvature = (phi2 * r0 - phi3) / (r0 + r1)
  return { first: (phi2 + curvature) * rate, second: -curvature * olderRate }
}
