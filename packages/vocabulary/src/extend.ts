import type { Fields, Values } from './field.ts'

const by = { type: 'integer', min: 0, max: 1024, default: 0 } as const

/** By how much the canvas of an inpaint job grows. */
export const extendFields = {
  extend_left: {
    ...by,
    text: "Pixels by which the canvas grows on this side, with or without a mask. The new part begins from what `masked_content` says, the picture's edge for `original`, and is repainted together with 2.5 · `mask_blur` pixels of the picture beside it.",
  },
  extend_top: { ...by, text: 'As `extend_left`.' },
  extend_right: { ...by, text: 'As `extend_left`.' },
  extend_bottom: { ...by, text: 'As `extend_left`.' },
} as const satisfies Fields

export type Extension = Values<typeof extendFields>

interface Size {
  width: number
  height: number
}

export function isExtended(by: Extension): boolean {
  return by.extend_left + by.extend_top + by.extend_right + by.extend_bottom > 0
}

/** Of the grown canvas, in pixels. */
export function extendedSize({ width, height }: Size, by: Extension): Size {
  return {
    width: by.extend_left + width + by.extend_right,
    height: by.extend_top + height + by.extend_bottom,
  }
}
