import { pngSignature } from './png-chunks.ts'

/**
 * The space of 8-bit samples that a 16-bit PNG has to be brought to before its ICC profile is applied; null for every
 * other file. Left to itself, sharp converts 16-bit RGB with a profile to Display P3 whatever space is asked for, and
 * does not look at the profile of 16-bit grey.
 */
export function eightBitSpace(bytes: Uint8Array): 'b-w' | 'srgb' | null {
  if (pngSignature.some((byte, i) => bytes[i] !== byte)) return null
  // The header chunk is the first: depth and colour type stand at fixed places (PNG specification 3rd edition, section
  // 11.2.1).
  const [depth, colourType] = bytes.subarray(24, 26)
  if (depth !== 16) return null
  return colourType === 0 || colourType === 4 ? 'b-w' : 'srgb'
}
