import type { FamilyName } from '@pentimento/vocabulary'
import { alignYourSteps } from '../schedules/align-your-steps.ts'
import type { FamilySchedules } from '../schedules/schedule.ts'
import type { LatentSpace } from './latent-space.ts'
import type { TextLayout } from './text-layout.ts'

/** What a family is. Which size conditioning a model takes differs within one, and is read from its folder. */
export interface Family {
  /** Side in pixels of the square that the models were trained on. */
  nativeSize: number
  latents: LatentSpace
  /** Whether diffusers' pipelines shift latents channel by channel where the VAE's configuration says by how much. */
  readsLatentsMean: boolean
  text: TextLayout
  schedules: FamilySchedules
}

/** Previews: the widely used linear fits. */
const sdLatents: LatentSpace = {
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

const xlLatents: LatentSpace = {
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

const clip: TextLayout = {
  tokens: 77,
  layer: { fromEnd: 1, isNormalised: true },
  isPooled: false,
  zeroEmptyNegative: null,
}

const xlClip: TextLayout = {
  tokens: 77,
  layer: { fromEnd: 2, isNormalised: false },
  isPooled: true,
  zeroEmptyNegative: { a1111: true, diffusers: true },
}

const sd: Omit<Family, 'nativeSize'> = {
  latents: sdLatents,
  readsLatentsMean: false,
  text: clip,
  schedules: { alignYourSteps: alignYourSteps.sd, correctsConfig: true },
}

const xl: Family = {
  nativeSize: 1024,
  latents: xlLatents,
  readsLatentsMean: true,
  text: xlClip,
  schedules: { alignYourSteps: alignYourSteps.xl, correctsConfig: false },
}

/** What holds for a family where its folder says nothing else. */
export const families: Record<FamilyName, Family> = {
  sd1: { nativeSize: 512, ...sd },
  sd2: { nativeSize: 768, ...sd },
  sdxl: xl,
  'sdxl-refiner': { ...xl, text: { ...xlClip, zeroEmptyNegative: { a1111: true, diffusers: false } } },
}
