import { pictureFields } from '@pentimento/vocabulary'

const { width, steps, clip_skip, num_images, seed } = pictureFields

/** Limits of the wire contract that no configuration changes; `/v1/capabilities` tells them. */
export const limits = {
  imageBytes: 20 * 1024 * 1024,
  imagePixels: 16_800_000,
  /** Of the longer side of an image or mask, in pixels. */
  imageSide: 16_384,
  /** How many times as long as the other one a side of an image or mask may be. */
  imageAspect: 64,
  promptCharacters: 2000,
  /** Of UTF-8: 2,000 characters of almost any script, and with everything else a job record below 24 kB. */
  promptBytes: 6000,
  sizeMin: width.min,
  sizeMax: width.max,
  sizeMultiple: width.multiple,
  stepsMax: steps.max,
  clipSkipMax: clip_skip.max,
  imagesMax: num_images.max,
  seedMax: seed.max,
  metadataBytes: 4096,
  /** Objects and arrays inside of each other. */
  metadataDepth: 32,
  urlCharacters: 2000,
  /** Of all results of one job together. */
  resultPixels: 8 * 2048 * 2048,
  /** Ceiling on width × height × num_images × steps of one job: eight 1024 × 1024 images of 100 steps. */
  pixelStepsMax: 8 * 1024 * 1024 * 100,
} as const

/** What every decoder of an image or mask is held to; how long it may take is each program's own. */
export const imageLimits = { maxPixels: limits.imagePixels, maxSide: limits.imageSide, maxAspect: limits.imageAspect }
