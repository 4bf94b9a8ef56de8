/** RGBA pixels, row by row, as `ImageData` has them. */
export interface Pixels {
  data: Uint8ClampedArray
  width: number
  height: number
}

/**
 * The region of one colour around (x, y): 255 where a pixel is joined to it through neighbours (up, down, left, right)
 * whose every channel differs from the first pixel's by at most `tolerance` (0–255); 0 elsewhere.
 */
export function floodRegion(pixels: Pixels, x: number, y: number, tolerance: number): Uint8Array {
  const { data, width, height } = pixels
  const region = new Uint8Array(width * height)
  if (x < 0 || y < 0 || x >= width || y >= height) return region
  const start = (y * width + x) * 4
  const target = data.slice(start, start + 4)
  const alike = (index: number) => {
    for (let channel = 0; channel < 4; channel++)
      if (Math.abs((data[index * 4 + channel] as number) - (target[channel] as number)) > tolerance) return false
    return true
  }
  // Scanline fill (Smith 1979, "Tint Fill"): a whole run of a row at a time, then one seed for each run above and
  // below.
  const seeds = [y * width + x]
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (region[seed] !== 0) continue
    const rowStart = seed - (seed % width)
    let left = seed
    while (left > rowStart && region[left - 1] === 0 && alike(left - 1)) left--
    let right = seed
    while (right < rowStart + width - 1 && region[right + 1] === 0 && alike(right + 1)) right++
    region.fill(255, left, right + 1)
    for (const step of [-width, width]) {
      let inRun = false
      for (let index = left + step; index <= right + step; index++) {
        const open = index >= 0 && index < region.length && region[index] === 0 && alike(index)
        if (open && !inRun) seeds.push(index)
        inRun = open
      }
    }
  }
  return region
}
