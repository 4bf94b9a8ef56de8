import { PipelineError } from '../errors.ts'
import type { Box } from '../images/raster.ts'
import type { InpaintRequest, MaskSettings } from '../request.ts'

/**
 * Says why a mask repaints nothing, and what would make it.
 *
 * @param box what is worked on, in pixels of the picture; null for all of it
 * @param cell pixels that one latent covers, along one side
 * @param repaints whether another request would repaint something
 */
export function emptyMask(
  request: InpaintRequest,
  box: Box | null,
  cell: number,
  repaints: (other: InpaintRequest) => boolean,
): PipelineError {
  return new PipelineError('empty_mask', `The mask repaints nothing: ${reason(request, box, cell, repaints)}.`)
}

function reason(
  request: InpaintRequest,
  box: Box | null,
  cell: number,
  repaints: (other: InpaintRequest) => boolean,
): string {
  const { width, height, image } = request
  const { mask, soft, maskBlur } = request.inpaint
  const repaintsWith = (change: Partial<MaskSettings>): boolean =>
    repaints({ ...request, inpaint: { ...request.inpaint, ...change } })
  const strongest = mask.data.reduce((most, value) => Math.max(most, value), 0)
  if (strongest === 0) return 'no pixel of it is marked'
  if (!soft && strongest < 128) {
    return `its strongest pixel is ${strongest} of 255, and only what is above one half is repainted`
  }
  const isWhole = request.inpaint.inpaintArea === 'whole'
  if (isWhole && request.resizeMode === 'crop' && repaints({ ...request, resizeMode: 'stretch' })) {
    return `resize_mode=crop cuts off what it marks at ${width} × ${height}. Take another resize_mode, or a width and height of the picture's shape`
  }
  const spot = smallestSpot(request, box, cell)
  const part = isWhole && request.resizeMode === 'crop' ? 'what resize_mode=crop keeps of ' : ''
  const ways = [
    `Mark at least ${spot.width} × ${spot.height} pixels of ${part}the ${image.width} × ${image.height} picture in one piece`,
    ...(soft ? ['mark it stronger'] : []),
    ...(isWhole && repaintsWith({ inpaintArea: 'masked', maskPadding: 0 }) ? ['send inpaint_area=masked'] : []),
    ...(!isWhole && repaintsWith({ maskPadding: 0 }) ? ['lower mask_padding'] : []),
    ...(maskBlur > 0 && repaintsWith({ maskBlur: 0 }) ? ['lower mask_blur'] : []),
  ]
  const lost = soft
    ? `at ${width} × ${height} it is too faint for any of the steps`
    : `too little of it is left at ${width} × ${height}, where ${cell} × ${cell} pixels change as one`
  return `${lost}. ${ways.join(', or ')}`
}

/**
 * In pixels of the picture, what repaints something wherever it lies: two latents hold a whole one, and a blur thins
 * the edge of the spot.
 */
function smallestSpot(request: InpaintRequest, box: Box | null, cell: number): { width: number; height: number } {
  const { image } = request
  const { maskBlur, maskGrow } = request.inpaint
  const side = (scale: number, whole: number): number =>
    Math.max(1, Math.min(whole, Math.ceil(2 * cell * scale + 3 * maskBlur) - 2 * maskGrow))
  const [across, down] = shrinking(request, box)
  return { width: side(across, image.width), height: side(down, image.height) }
}

/** Pixels of the picture for each that is worked on, across and down. */
function shrinking({ image, width, height, resizeMode }: InpaintRequest, box: Box | null): [number, number] {
  if (box) {
    const most = Math.max((box[2] - box[0]) / width, (box[3] - box[1]) / height)
    return [most, most]
  }
  const [across, down] = [image.width / width, image.height / height]
  if (resizeMode === 'crop') return [Math.min(across, down), Math.min(across, down)]
  if (resizeMode === 'fill') return [Math.max(across, down), Math.max(across, down)]
  return [across, down]
}
