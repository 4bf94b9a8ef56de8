/** An 8-bit picture of any number of interleaved channels: what RgbImage and GrayImage have in common. */
export interface Raster {
  width: number
  height: number
  data: Uint8Array
}

/** Bytes a pixel. */
export function channelsOf(image: Raster): number {
  return image.data.length / (image.width * image.height)
}

/** A black picture. */
export function blank(width: number, height: number, channels: number): Raster {
  return { width, height, data: new Uint8Array(width * height * channels) }
}

/** The part of a picture from (x1, y1), included, to (x2, y2), excluded. The box must lie inside. */
export function crop<Image extends Raster>(image: Image, [x1, y1, x2, y2]: Box): Raster {
  const channels = channelsOf(image)
  const part = blank(x2 - x1, y2 - y1, channels)
  const rowLength = part.width * channels
  for (let y = y1; y < y2; y++) {
    const start = (y * image.width + x1) * channels
    part.data.set(image.data.subarray(start, start + rowLength), (y - y1) * rowLength)
  }
  return part
}

/** Copies `source` into `target` with its top left at (x, y). What falls outside is left out. */
export function paste(target: Raster, source: Raster, x: number, y: number): void {
  const channels = channelsOf(target)
  const from = Math.max(0, -x)
  const to = Math.min(source.width, target.width - x)
  if (from >= to) return
  for (let row = Math.max(0, -y); row < Math.min(source.height, target.height - y); row++) {
    const part = source.data.subarray((row * source.width + from) * channels, (row * source.width + to) * channels)
    target.data.set(part, ((y + row) * target.width + x + from) * channels)
  }
}

/** Left, top, right, bottom in pixels; right and bottom are just outside. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number]
