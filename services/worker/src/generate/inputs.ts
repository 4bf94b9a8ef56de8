import type { GrayImage, RgbImage } from '@pentimento/pipeline'

/** A file of a job, decoded. In a mask 255 is repainted. */
export type Input =
  | { name: string; role: 'source' | 'reference' | 'control'; image: RgbImage }
  | { name: string; role: 'mask'; image: GrayImage }

/** The mask of a picture of which only the canvas that it grows by is painted: it is stretched like any other. */
export const nothingMasked: GrayImage = { width: 1, height: 1, data: Uint8Array.of(0) }

/** The picture that a job begins from. @throws Error without one: no job is accepted without */
export function sourceOf(inputs: readonly Input[]): RgbImage {
  for (const input of inputs) if (input.role === 'source') return input.image
  throw new Error('a job without a source')
}

/** The picture that the painted ones shall resemble; null without. */
export function referenceOf(inputs: readonly Input[]): RgbImage | null {
  for (const input of inputs) if (input.role === 'reference') return input.image
  return null
}

/** The picture that was sent under that name; null without one. */
export function controlImageOf(inputs: readonly Input[], name: string): RgbImage | null {
  for (const input of inputs) if (input.role === 'control' && input.name === name) return input.image
  return null
}

/** What of the source is repainted; null where all of it is. */
export function maskOf(inputs: readonly Input[]): GrayImage | null {
  for (const input of inputs) if (input.role === 'mask') return input.image
  return null
}
