interface FamilyFacts {
  /** What people call it. */
  label: string
  /** In a sentence about it. */
  short: string
  /** Whether AUTOMATIC1111 lets a prompt skip layers of its text encoders. */
  a1111ClipSkip: boolean
}

/** The families of models: what one of them is and does, as far as requests and catalogues ask. */
export const familyTable = {
  sd1: { label: 'Stable Diffusion 1', short: 'SD 1.x', a1111ClipSkip: true },
  sd2: { label: 'Stable Diffusion 2', short: 'SD 2.x', a1111ClipSkip: true },
  sdxl: { label: 'Stable Diffusion XL', short: 'SDXL', a1111ClipSkip: false },
  'sdxl-refiner': { label: 'Stable Diffusion XL refiner', short: 'SDXL', a1111ClipSkip: false },
} as const satisfies Record<string, FamilyFacts>

export type FamilyName = keyof typeof familyTable

/** Null for a family that only a newer worker knows. */
export function familyFacts(name: string): FamilyFacts | null {
  return Object.hasOwn(familyTable, name) ? familyTable[name as FamilyName] : null
}
