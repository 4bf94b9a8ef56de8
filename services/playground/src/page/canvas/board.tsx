import { useSignal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { mode, picture, revision } from '../state/board.ts'
import { sentSize } from '../state/picture.ts'
import { settings } from '../state/settings.ts'
import { overlayOpacity, tool } from '../state/tools.ts'
import { BoardHint } from './board-hint.tsx'
import { BrushRing } from './brush-ring.tsx'
import { CanvasFrame } from './canvas-frame.tsx'
import { drawMask, drawPicture } from './draw-board.ts'
import { Intake } from './intake.tsx'
import { leaveKeys, takeKey } from './key-input.ts'
import { takePointers } from './pointer-input.ts'

/**
 * How much of the overlay's strength shows the mask as it was painted; the rest of it shows the mask as the service
 * will blur it.
 */
const paintedPart = 0.4

/** The picture as it is being painted: the picture itself, the mask over it, and the ring of the brush. */
export function Board(): JSX.Element {
  const surface = useRef<HTMLDivElement>(null)
  const pictureView = useRef<HTMLCanvasElement>(null)
  const maskView = useRef<HTMLCanvasElement>(null)
  const blurredView = useRef<HTMLCanvasElement>(null)
  const pointer = useSignal<{ x: number; y: number } | null>(null)
  const { width, height } = picture.value

  useSignalEffect(() => {
    const shown = picture.value
    revision.value
    const masks = [
      [maskView, drawMask],
      [blurredView, drawMask],
    ] as const
    const views = [[pictureView, drawPicture] as const, ...(mode.value === 'inpaint' ? masks : [])]
    // Many changes between two frames are drawn once.
    const frame = requestAnimationFrame(() => {
      for (const [view, draw] of views) {
        const context = view.current?.getContext('2d')
        if (context) draw(context, shown)
      }
    })
    return () => cancelAnimationFrame(frame)
  })

  // Signals redraw on change; the canvases themselves are emptied when their size changes.
  useEffect(() => {
    revision.value++
  }, [width, height])

  useEffect(() => {
    const board = surface.current
    if (board === null) return
    return takePointers(board, (event) => {
      const box = board.getBoundingClientRect()
      const seen = event !== null && event.pointerType !== 'touch'
      pointer.value = seen ? { x: event.clientX - box.left, y: event.clientY - box.top } : null
    })
  }, [])

  return (
    <Intake>
      <CanvasFrame>
        <div
          ref={surface}
          class={`board tool-${tool.value}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the board is painted on with keys.
          tabIndex={0}
          role="application"
          aria-label={`${mode.value === 'inpaint' ? 'Mask' : 'Canvas'}, ${width} by ${height} pixels. Arrow keys move the brush, space sets it down and lifts it.`}
          onKeyDown={takeKey}
          onBlur={leaveKeys}
        >
          <canvas ref={pictureView} width={width} height={height} />
          <canvas
            ref={maskView}
            hidden={mode.value !== 'inpaint'}
            width={width}
            height={height}
            style={{ opacity: overlayOpacity.value * paintedPart }}
          />
          <canvas
            ref={blurredView}
            class="blurred-mask"
            hidden={mode.value !== 'inpaint'}
            width={width}
            height={height}
            style={{
              opacity: overlayOpacity.value,
              '--blur': Number(settings.value.mask_blur) / sentSize(picture.value).width || 0,
            }}
          />
          <BoardHint />
          <BrushRing pointer={pointer.value} />
        </div>
      </CanvasFrame>
    </Intake>
  )
}
