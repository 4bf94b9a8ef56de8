import type { Noise } from './sampler.ts'

/** x += scale · noise. Draws only when `scale` is above 0; `buffer` is overwritten with the noise. */
export function addNoise(x: Float32Array, scale: number, noise: Noise, buffer: Float32Array): void {
  if (!(scale > 0)) return
  noise(buffer)
  for (let k = 0; k < x.length; k++) x[k] += scale * buffer[k]
}
