import { createElement, type JSX } from 'preact'

/** An icon of lucide: elements of a 24 × 24 drawing. */
export type IconNode = readonly (readonly [tag: string, attributes: Record<string, unknown>])[]

/** Decoration beside or instead of words; whatever holds it brings the words. */
export function Icon({ of, size = 18 }: { of: IconNode; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {of.map(([tag, attributes]) => createElement(tag, attributes))}
    </svg>
  )
}
