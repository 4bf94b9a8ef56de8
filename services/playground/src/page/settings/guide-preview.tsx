import { type ControlPreprocessor, pictureFields, preprocess } from '@pentimento/vocabulary'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { picture as board, revision } from '../state/board.ts'
import { flattenToSend, pixelsOf } from '../state/picture.ts'
import { settings } from '../state/settings.ts'

interface GuidePreviewProps {
  /** Null for what is on the board. */
  picture: Blob | null
  preprocessor: ControlPreprocessor
  /** Of `canny` (the usual ones). */
  thresholds?: { low: number; high: number }
  /** How it comes to the size that is asked for; what completes a `fill` is left out. */
  fit: string
  label: string
}

/** Milliseconds after which a stroke is likely over. */
const restMs = 250

/** What the network gets to see of a picture, at the size that is asked for. */
export function GuidePreview({ picture, preprocessor, thresholds, fit, label }: GuidePreviewProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = sideOf(settings.value.width)
  const height = sideOf(settings.value.height)
  useEffect(() => {
    let current = true
    const draw = async () => {
      const drawn = picture ? await createImageBitmap(picture) : flattenToSend(board.value).canvas
      const context = canvas.current?.getContext('2d', { willReadFrequently: true })
      if (current && context)
        show(drawn, context, { width, height, fit, preprocessor, ...(thresholds && { thresholds }) })
      if (drawn instanceof ImageBitmap) drawn.close()
    }
    const timer = setTimeout(() => void draw(), picture ? 0 : restMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [picture ?? revision.value, preprocessor, thresholds?.low, thresholds?.high, width, height, fit])
  return <canvas ref={canvas} class="guide-preview" role="img" aria-label={label} />
}

interface Shown extends Pick<GuidePreviewProps, 'preprocessor' | 'thresholds' | 'fit'> {
  width: number
  height: number
}

function show(
  drawn: ImageBitmap | HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  { width, height, fit, preprocessor, thresholds }: Shown,
): void {
  const scales = [width / drawn.width, height / drawn.height]
  const scale = fit === 'crop' ? Math.max(...scales) : Math.min(...scales)
  const isPulled = fit !== 'crop' && fit !== 'fill'
  const across = isPulled ? width : Math.max(1, Math.round(drawn.width * scale))
  const down = isPulled ? height : Math.max(1, Math.round(drawn.height * scale))
  const { canvas } = context
  canvas.width = Math.min(width, across)
  canvas.height = Math.min(height, down)
  context.imageSmoothingQuality = 'high'
  context.drawImage(drawn, (canvas.width - across) / 2, (canvas.height - down) / 2, across, down)
  const pixels = pixelsOf(context)
  preprocess(pixels, 4, preprocessor, thresholds)
  context.putImageData(pixels, 0, 0)
}

/** A side as it was typed, within what can be asked for; the smallest while it is no number. */
function sideOf(text: string): number {
  const { min, max } = pictureFields.width
  return Math.min(max, Math.max(min, Math.round(Number(text)) || min))
}
