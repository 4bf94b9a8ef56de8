import { type CannyThresholds, cannyEdges } from './canny.ts'
import { type ControlPreprocessor, controlFields } from './control-fields.ts'

interface Picture {
  width: number
  height: number
  data: Uint8Array | Uint8ClampedArray
}

const usualThresholds = {
  low: controlFields.control_canny_low.default,
  high: controlFields.control_canny_high.default,
}

/**
 * What a preprocessor makes of a picture's colours, in place: `inpaint` leaves them, as what it leaves open is no
 * colour.
 *
 * @param channels of each pixel; a fourth, alpha, stays
 * @param thresholds of `canny`
 */
export function preprocess(
  picture: Picture,
  channels: 3 | 4,
  preprocessor: ControlPreprocessor,
  thresholds: CannyThresholds = usualThresholds,
): void {
  const { data } = picture
  if (preprocessor === 'none' || preprocessor === 'inpaint') return
  const edges = preprocessor === 'canny' ? cannyEdges(picture, channels, thresholds) : null
  for (let k = 0; k < data.length; k++) {
    if (k % channels < 3) data[k] = edges ? (edges[Math.floor(k / channels)] ?? 0) : 255 - (data[k] ?? 0)
  }
}
