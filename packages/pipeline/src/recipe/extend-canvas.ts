import { pilResize } from '../images/pil-resize.ts'
import { blank, paste } from '../images/raster.ts'
import type { GenerateRequest, GrayImage, InpaintRequest, RgbImage } from '../request.ts'

/** How far the canvas grows beyond the picture, in pixels. */
interface Growth {
  left: number
  top: number
  right: number
  bottom: number
}

/**
 * A request whose canvas grows, as one on the canvas that it grows to: there the new part is masked, and a strip of the
 * picture beside it, in which new and old run into each other, as in AUTOMATIC1111's "Poor man's outpainting". The
 * strip is as wide as the mask's blur reaches, so that nothing of the new part is left unpainted. Any other request as
 * it is.
 */
export function extendCanvas(request: GenerateRequest): GenerateRequest {
  if (request.kind !== 'inpaint') return request
  const { extendLeft: left, extendTop: top, extendRight: right, extendBottom: bottom } = request.inpaint
  if (left + top + right + bottom === 0) return request
  const growth = { left, top, right, bottom }
  return {
    ...request,
    image: withEdges(request.image, growth),
    inpaint: {
      ...request.inpaint,
      ...{ extendLeft: 0, extendTop: 0, extendRight: 0, extendBottom: 0 },
      mask: grownMask(request, growth),
    },
  }
}

/** The picture, its outermost pixels going on over the new part. */
function withEdges(image: RgbImage, { left, top, right, bottom }: Growth): RgbImage {
  const { width, height, data } = image
  const grown = blank(left + width + right, top + height + bottom, 3)
  const rowLength = grown.width * 3
  for (let y = 0; y < height; y++) {
    const row = grown.data.subarray((top + y) * rowLength, (top + y + 1) * rowLength)
    const old = data.subarray(y * width * 3, (y + 1) * width * 3)
    row.set(old, left * 3)
    for (let x = 0; x < left; x++) row.set(old.subarray(0, 3), x * 3)
    for (let x = left + width; x < grown.width; x++) row.set(old.subarray(-3), x * 3)
  }
  for (let y = 0; y < top; y++) grown.data.copyWithin(y * rowLength, top * rowLength, (top + 1) * rowLength)
  const last = top + height - 1
  for (let y = last + 1; y < grown.height; y++)
    grown.data.copyWithin(y * rowLength, last * rowLength, (last + 1) * rowLength)
  return grown
}

/** The request's mask where the picture is kept, and 255 around it. */
function grownMask({ image, inpaint }: InpaintRequest, { left, top, right, bottom }: Growth): GrayImage {
  const { width, height } = image
  const given = pilResize(inpaint.mask, width, height, 'bilinear')
  const strip = Math.ceil(2.5 * inpaint.maskBlur)
  const grown = blank(left + width + right, top + height + bottom, 1)
  paste(grown, given, left, top)
  const from = left > 0 ? left + strip : 0
  const to = right > 0 ? left + width - strip : grown.width
  const isInside = (y: number) => (top === 0 || y >= top + strip) && (bottom === 0 || y < top + height - strip)
  for (let y = 0; y < grown.height; y++) {
    const row = grown.data.subarray(y * grown.width, (y + 1) * grown.width)
    if (!isInside(y) || from >= to) row.fill(255)
    else row.fill(255, 0, from).fill(255, to)
  }
  return grown
}
