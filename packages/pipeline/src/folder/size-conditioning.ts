/** One thing that a UNet is told of the picture beside the prompt. */
type SizeFact = 'original size' | 'crop' | 'target size' | 'aesthetic score'

/** What a UNet is told of the picture, in this order. */
export type SizeConditioning = readonly SizeFact[]

/** The two that there are: diffusers calls them by whether the model asks for an aesthetic score. */
export const sizeConditionings = {
  target: ['original size', 'crop', 'target size'],
  aesthetic: ['original size', 'crop', 'aesthetic score'],
} as const satisfies Record<string, SizeConditioning>

/** Nothing is cropped, and the picture is as large as it is to be; height before width. */
const numbersOf: Record<SizeFact, (picture: { width: number; height: number }, score: number) => number[]> = {
  'original size': ({ width, height }) => [height, width],
  crop: () => [0, 0],
  'target size': ({ width, height }) => [height, width],
  'aesthetic score': (_, score) => [score],
}

/** The numbers for a picture of that many pixels and that score. */
export function sizeNumbers(
  facts: SizeConditioning,
  picture: { width: number; height: number },
  score: number,
): number[] {
  return facts.flatMap((fact) => numbersOf[fact](picture, score))
}

/** How many numbers they are. */
export function sizeCount(facts: SizeConditioning): number {
  return sizeNumbers(facts, { width: 0, height: 0 }, 0).length
}
