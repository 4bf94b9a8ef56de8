import type { RgbImage } from '../request.ts'
import { labToRgb, rgbToLab } from './lab.ts'

/**
 * Gives a result the colours of `reference`, of any size, and keeps its own luminosity: the histogram of each Lab
 * channel becomes the reference's. Takes the drift out of repeated img2img. AUTOMATIC1111's colour correction: OpenCV's
 * Lab, scikit-image's `match_histograms`, the luminosity blend of the blendmodes package.
 */
export function correctColors(result: RgbImage, reference: RgbImage): RgbImage {
  const lab = rgbToLab(result.data)
  const target = rgbToLab(reference.data)
  for (let channel = 0; channel < 3; channel++) {
    const map = matchingMap(histogram(lab, channel), histogram(target, channel))
    for (let i = channel; i < lab.length; i += 3) lab[i] = map[lab[i]]
  }
  return { ...result, data: keepLuminosity(labToRgb(lab), result.data) }
}

function histogram(data: Uint8Array, channel: number): Float64Array {
  const counts = new Float64Array(256)
  for (let i = channel; i < data.length; i += 3) counts[data[i]]++
  return counts
}

/**
 * For each value the one at the same quantile of `target`, linear between the values that occur there, cut to a whole
 * number.
 */
function matchingMap(source: Float64Array, target: Float64Array): Uint8Array {
  const values = [...target.keys()].filter((value) => target[value] > 0)
  const quantiles = cumulativeShare(target)
  let k = 0
  return Uint8Array.from(cumulativeShare(source), (share) => {
    while (k < values.length && quantiles[values[k]] <= share) k++
    if (k === 0) return values[0]
    if (k === values.length) return values[k - 1]
    const [low, high] = [values[k - 1], values[k]]
    const slope = (high - low) / (quantiles[high] - quantiles[low])
    return Math.trunc(low + slope * (share - quantiles[low]))
  })
}

function cumulativeShare(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let sum = 0
  return counts.map((count) => {
    sum += count
    return sum / total
  })
}

/** The colours of `colors` at the luminosity of `light`. */
function keepLuminosity(colors: Uint8Array, light: Uint8Array): Uint8Array {
  const result = new Uint8Array(colors.length)
  for (let i = 0; i < colors.length; i += 3) {
    const rgb = [colors[i] / 255, colors[i + 1] / 255, colors[i + 2] / 255]
    const change = luminosity([light[i] / 255, light[i + 1] / 255, light[i + 2] / 255]) - luminosity(rgb)
    const shifted = clipColor(rgb.map((value) => value + change))
    for (let c = 0; c < 3; c++) result[i + c] = Math.trunc(Math.min(Math.max(shifted[c], 0), 1) * 255)
  }
  return result
}

/** Draws a colour towards its grey until all its parts lie in 0 … 1. */
function clipColor(color: number[]): number[] {
  const grey = luminosity(color)
  const [min, max] = [Math.min(...color), Math.max(...color)]
  let clipped = color
  if (min < 0) clipped = clipped.map((value) => grey + ((value - grey) * grey) / (grey - min))
  if (max > 1) clipped = clipped.map((value) => grey + ((value - grey) * (1 - grey)) / (max - grey))
  return clipped
}

function luminosity([r, g, b]: number[]): number {
  return r * 0.299 + g * 0.587 + b * 0.114
}
