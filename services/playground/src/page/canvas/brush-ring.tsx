import type { JSX } from 'preact'
import { picture } from '../state/board.ts'
import { brushSize, tool } from '../state/tools.ts'
import { keyBrush } from './key-input.ts'

/** A ring as wide as the brush, where the pointer (CSS pixels of the board) or the brush of the keys is. */
export function BrushRing({ pointer }: { pointer: { x: number; y: number } | null }): JSX.Element | null {
  const { width, height } = picture.value
  const at = keyBrush.value
  if (tool.value === 'fill' || tool.value === 'eyedropper' ? at === null : pointer === null && at === null) return null
  const style = {
    width: `${(brushSize() * 100) / width}%`,
    left: at ? `${(at.x * 100) / width}%` : `${pointer?.x ?? 0}px`,
    top: at ? `${(at.y * 100) / height}%` : `${pointer?.y ?? 0}px`,
  }
  return <div class={at?.down ? 'brush-ring down' : 'brush-ring'} style={style} />
}
