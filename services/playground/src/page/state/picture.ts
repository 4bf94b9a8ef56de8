import type { JobSource } from '@pentimento/contracts'

/** The layers of the picture on the board, all of one size. */
export type LayerName = 'ground' | 'paint' | 'mask'

/**
 * What is on the board: `ground` is the background colour or an imported picture, `paint` what was drawn over it,
 * `mask` (by its opacity) what inpainting repaints.
 */
export interface Picture {
  /** Pixels of the layers. */
  width: number
  height: number
  ground: CanvasRenderingContext2D
  paint: CanvasRenderingContext2D
  mask: CanvasRenderingContext2D
  /**
   * An imported picture in its own size, of which `ground` is a larger copy if it is small; null when the ground is
   * nothing but a colour.
   */
  source: CanvasRenderingContext2D | null
  /** The result of an earlier run that it was imported from. */
  origin: JobSource | null
}

/** A board smaller than this on its longer side would be drawn on in visible steps. */
const boardSide = 512

/** How many board pixels stand for one pixel of a picture of this size, along each side. */
export function boardScale(width: number, height: number): number {
  return Math.max(1, Math.ceil(boardSide / Math.max(width, height)))
}

/** The size of the picture that is sent: an imported one keeps its own. */
export function sentSize({ source, width, height }: Picture): { width: number; height: number } {
  return source === null ? { width, height } : { width: source.canvas.width, height: source.canvas.height }
}

/** An empty layer whose pixels are read often. */
export function newLayer(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser has no canvas')
  return context
}

/** An empty canvas of one colour. */
export function blankPicture(width: number, height: number, colour: string): Picture {
  const layers = { ground: newLayer(width, height), paint: newLayer(width, height), mask: newLayer(width, height) }
  fillLayer(layers.ground, colour)
  return { width, height, ...layers, source: null, origin: null }
}

export function fillLayer(layer: CanvasRenderingContext2D, colour: string): void {
  layer.fillStyle = colour
  layer.fillRect(0, 0, layer.canvas.width, layer.canvas.height)
}

export function pixelsOf(layer: CanvasRenderingContext2D): ImageData {
  return layer.getImageData(0, 0, layer.canvas.width, layer.canvas.height)
}

export function isEmptyLayer(layer: CanvasRenderingContext2D): boolean {
  return new Uint32Array(pixelsOf(layer).data.buffer).every((pixel) => pixel === 0)
}

/** Ground and paint in one layer of the board's size. */
export function flatten(picture: Picture): CanvasRenderingContext2D {
  const flat = newLayer(picture.width, picture.height)
  flat.drawImage(picture.ground.canvas, 0, 0)
  flat.drawImage(picture.paint.canvas, 0, 0)
  return flat
}

/** What is sent: an imported picture comes out pixel for pixel where nothing was painted on it. */
export function flattenToSend(picture: Picture): CanvasRenderingContext2D {
  if (picture.source === null) return flatten(picture)
  const { width, height } = sentSize(picture)
  const flat = newLayer(width, height)
  flat.drawImage(picture.source.canvas, 0, 0)
  flat.imageSmoothingQuality = 'high'
  flat.drawImage(picture.paint.canvas, 0, 0, width, height)
  return flat
}

/** A layer as a PNG file. */
export function pngOf(layer: CanvasRenderingContext2D): Promise<Blob> {
  return new Promise((resolve, reject) => {
    layer.canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture cannot be encoded'))),
      'image/png',
    )
  })
}
