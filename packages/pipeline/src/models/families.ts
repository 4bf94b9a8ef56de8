import type { ModelDescription, ModelFamily } from './description.ts'

interface FamilyFacts {
  nativeSize: number
  scalingFactor: number
  /** Latents to RGB in −1 … 1 by a linear fit: the widely used preview factors of each latent space. */
  previews: ModelDescription['previews']
}

const sd: ModelDescription['previews'] = {
  factors: [
    [0.3512, 0.2297, 0.3227],
    [0.325, 0.4974, 0.235],
    [-0.2829, 0.1762, 0.2721],
    [-0.212, -0.2616, -0.7177],
  ],
  bias: [0, 0, 0],
}

const xl: ModelDescription['previews'] = {
  factors: [
    [0.3651, 0.4232, 0.4341],
    [-0.2533, -0.0042, 0.1068],
    [0.1076, 0.1111, -0.0362],
    [-0.3165, -0.2492, -0.2188],
  ],
  bias: [0.1084, -0.0175, -0.0011],
}

/** What holds for a family where its folder says nothing. */
export const families: Record<ModelFamily, FamilyFacts> = {
  sd1: { nativeSize: 512, scalingFactor: 0.18215, previews: sd },
  sd2: { nativeSize: 768, scalingFactor: 0.18215, previews: sd },
  sdxl: { nativeSize: 1024, scalingFactor: 0.13025, previews: xl },
  'sdxl-refiner': { nativeSize: 1024, scalingFactor: 0.13025, previews: xl },
}
