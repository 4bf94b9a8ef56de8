import type { ComponentChildren, JSX } from 'preact'
import { canvasSize, extension } from '../state/extension.ts'
import { ExtendHandles } from './extend-handles.tsx'

/** The canvas that is worked on, as large as there is room: the picture, and around it what it is extended by. */
export function CanvasFrame({ children }: { children: ComponentChildren }): JSX.Element {
  const { width, height } = canvasSize.value
  const { extend_left: left, extend_top: top, extend_right: right, extend_bottom: bottom } = extension.value
  const part = (pixels: number, of: number) => `${(pixels * 100) / of}%`
  const inset = [part(top, height), part(right, width), part(bottom, height), part(left, width)].join(' ')
  return (
    <div class="canvas" style={{ '--ratio': width / height }}>
      <div class="picture-place" style={{ inset }}>
        {children}
      </div>
      <ExtendHandles />
    </div>
  )
}
