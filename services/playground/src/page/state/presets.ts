import type { Model } from '../api/client.ts'

interface SizePreset {
  label: string
  width: number
  height: number
}

const shapes: [label: string, aspect: number][] = [
  ['Square', 1],
  ['Landscape', 3 / 2],
  ['Portrait', 2 / 3],
  ['Wide', 16 / 9],
]

/**
 * Sizes that suit a model: about its native pixel area in some usual shapes, each side a multiple that it takes, within
 * its limits.
 */
export function sizePresets(model: Pick<Model, 'native_size' | 'sizes'>): SizePreset[] {
  const { min, max } = model.sizes
  const within = (side: number) => Math.min(max, Math.max(min, side))
  return shapes.map(([label, aspect]) => {
    const { width, height } = sizeOfAspect(model, aspect)
    return { label, width: within(width), height: within(height) }
  })
}

/**
 * The size of a given aspect (width / height) with about the model's native pixel area, as the api derives it when none
 * is asked for. It may lie beyond the model's limits, and then the api says so.
 */
export function sizeOfAspect(
  { native_size, sizes }: Pick<Model, 'native_size' | 'sizes'>,
  aspect: number,
): { width: number; height: number } {
  const side = (pixels: number) => Math.max(1, Math.round(pixels / sizes.multiple)) * sizes.multiple
  return { width: side(native_size * Math.sqrt(aspect)), height: side(native_size / Math.sqrt(aspect)) }
}
