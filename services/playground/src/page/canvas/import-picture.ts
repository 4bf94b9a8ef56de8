import type { JobSource } from '@pentimento/contracts'
import { background, mode, replacePicture } from '../state/board.ts'
import { noExtension } from '../state/extension.ts'
import { boardScale, fillLayer, newLayer, type Picture, pixelsOf } from '../state/picture.ts'
import { change } from '../state/settings.ts'
import { takeMask } from './mask-actions.ts'
import { alphaOfMask, invertMask, isEmptyMask, maskOfAlpha } from './mask-operations.ts'

/** The longest side that is kept: the api works on no more. */
const longestSide = 2048

/**
 * Puts a picture file on the board, turned upright and made smaller where it is very large. Transparent parts turn into
 * the mask.
 *
 * @param origin the result that it is
 */
export async function importPicture(file: Blob, origin: JobSource | null = null): Promise<Picture> {
  const drawn = await readPicture(file)
  const { width, height } = drawn.canvas
  const hole = invertMask(maskOfAlpha(pixelsOf(drawn)))
  const mask = newLayer(width, height)
  if (!isEmptyMask(hole)) {
    mask.putImageData(new ImageData(alphaOfMask(hole), width, height), 0, 0)
    mode.value = 'inpaint'
  }
  const source = newLayer(width, height)
  fillLayer(source, background.value)
  source.drawImage(drawn.canvas, 0, 0)
  const picture = { ...onBoard(source, mask), origin }
  replacePicture(picture)
  change(noExtension)
  return picture
}

/** A picture file, turned upright and made smaller where it is very large. */
export async function readPicture(file: Blob): Promise<CanvasRenderingContext2D> {
  const bitmap = await decode(file)
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const drawn = newLayer(width, height)
  drawn.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  return drawn
}

/** Layers for a picture in its own size; a small one gets a board with more pixels than it has. */
function onBoard(source: CanvasRenderingContext2D, mask: CanvasRenderingContext2D): Omit<Picture, 'origin'> {
  const { width, height } = source.canvas
  const scale = boardScale(width, height)
  const scaled = (layer: CanvasRenderingContext2D) => {
    if (scale === 1) return layer
    const larger = newLayer(width * scale, height * scale)
    larger.imageSmoothingQuality = 'high'
    larger.drawImage(layer.canvas, 0, 0, width * scale, height * scale)
    return larger
  }
  const paint = newLayer(width * scale, height * scale)
  return { width: width * scale, height: height * scale, ground: scaled(source), paint, mask: scaled(mask), source }
}

/** Takes a file as the mask of the picture on the board. */
export async function importMask(file: Blob): Promise<void> {
  const bitmap = await decode(file)
  takeMask(bitmap)
  bitmap.close()
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new Error('This file is no picture that the browser can read.')
  }
}

/** The first picture among dropped or pasted things. */
export function pictureFile(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'))
}
