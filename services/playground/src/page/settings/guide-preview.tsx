import { type ControlPreprocessor, pictureFields, preprocess } from '@pentimento/vocabulary'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { pixelsOf } from '../state/picture.ts'
import { settings } from '../state/settings.ts'

interface GuidePreviewProps {
  picture: Blob
  preprocessor: ControlPreprocessor
  label: string
}

/** What the network gets to see of a picture, in the picture's shape, as large as what is asked for. */
export function GuidePreview({ picture, preprocessor, label }: GuidePreviewProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { min, max } = pictureFields.width
  const asked = [settings.value.width, settings.value.height].map((side) => Number(side) || 0)
  const side = Math.min(max, Math.max(min, ...asked))
  useEffect(() => {
    let current = true
    void createImageBitmap(picture).then((bitmap) => {
      const context = canvas.current?.getContext('2d', { willReadFrequently: true })
      if (current && context) show(bitmap, context, side, preprocessor)
      bitmap.close()
    })
    return () => {
      current = false
    }
  }, [picture, preprocessor, side])
  return <canvas ref={canvas} class="guide-preview" role="img" aria-label={label} />
}

function show(
  bitmap: ImageBitmap,
  context: CanvasRenderingContext2D,
  side: number,
  preprocessor: ControlPreprocessor,
): void {
  const { canvas } = context
  const scale = side / Math.max(bitmap.width, bitmap.height)
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  const pixels = pixelsOf(context)
  preprocess(pixels, 4, preprocessor)
  context.putImageData(pixels, 0, 0)
}
