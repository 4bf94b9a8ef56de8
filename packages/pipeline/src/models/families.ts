import type { ModelFamily } from './description.ts'
import type { LatentSpace } from './latent-space.ts'

interface Family {
  /** Side in pixels of the square that the models were trained on. */
  nativeSize: number
  latents: LatentSpace
}

/** Previews: the widely used linear fits. */
const sd: LatentSpace = {
  channels: 4,
  factor: 8,
  scale: 0.18215,
  shift: 0,
  previews: {
    factors: [
      [0.3512, 0.2297, 0.3227],
      [0.325, 0.4974, 0.235],
      [-0.2829, 0.1762, 0.2721],
      [-0.212, -0.2616, -0.7177],
    ],
    bias: [0, 0, 0],
  },
}

const xl: LatentSpace = {
  channels: 4,
  factor: 8,
  scale: 0.13025,
  shift: 0,
  previews: {
    factors: [
      [0.3651, 0.4232, 0.4341],
      [-0.2533, -0.0042, 0.1068],
      [0.1076, 0.1111, -0.0362],
      [-0.3165, -0.2492, -0.2188],
    ],
    bias: [0.1084, -0.0175, -0.0011],
  },
}

/** What holds for a family where its folder says nothing else. */
export const families: Record<ModelFamily, Family> = {
  sd1: { nativeSize: 512, latents: sd },
  sd2: { nativeSize: 768, latents: sd },
  sdxl: { nativeSize: 1024, latents: xl },
  'sdxl-refiner': { nativeSize: 1024, latents: xl },
}
