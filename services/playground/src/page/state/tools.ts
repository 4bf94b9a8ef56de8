import { signal } from '@preact/signals'
import { type Mode, mode } from './board.ts'

export type Tool = 'brush' | 'eraser' | 'fill' | 'eyedropper'

export const tool = signal<Tool>('brush')
export const colour = signal('#d5282f')
/** Diameters in pixels of the board: masks are painted with a broader brush than drawings. */
const brushSizes = signal<Record<Mode, number>>({ text: 28, sketch: 28, inpaint: 72 })
/** 0–1; the mask is always painted opaque. */
export const brushOpacity = signal(1)
/** How strongly the mask shows on the board, 0–1. */
export const overlayOpacity = signal(0.6)

/** Colours of paint: what is asked for most often in a still life and a landscape. */
export const palette: readonly { name: string; value: string }[] = [
  { name: 'Ink', value: '#1d1a17' },
  { name: 'Stone', value: '#8d867c' },
  { name: 'White', value: '#ffffff' },
  { name: 'Madder red', value: '#d5282f' },
  { name: 'Orange', value: '#ee7f22' },
  { name: 'Lemon', value: '#f5d02f' },
  { name: 'Leaf', value: '#3f9b3c' },
  { name: 'Olive', value: '#77812f' },
  { name: 'Sky', value: '#7db9e3' },
  { name: 'Ultramarine', value: '#2b53b6' },
  { name: 'Plum', value: '#7d3f86' },
  { name: 'Rose', value: '#f0a3ab' },
  { name: 'Umber', value: '#6e4526' },
  { name: 'Sand', value: '#e2c797' },
]

/** Diameter of the brush of this mode, in pixels of the board. */
export function brushSize(): number {
  return brushSizes.value[mode.value]
}

export function changeBrushSize(size: number): void {
  brushSizes.value = { ...brushSizes.value, [mode.value]: size }
}

/** A new brush diameter some sizes up (1) or down (-1), each a fifth larger than the last. */
export function nextSize(size: number, direction: 1 | -1): number {
  return Math.min(200, Math.max(1, Math.round(direction > 0 ? size * 1.2 + 1 : size / 1.2 - 1)))
}
