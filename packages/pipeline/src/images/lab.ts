import { roundHalfToEven } from '../round-half-to-even.ts'

/*
 * CIE L*a*b* in 8 bits as OpenCV has it (COLOR_RGB2LAB, COLOR_LAB2RGB): D65 white, L scaled to 0 … 255, a and b moved
 * by 128. Computed in its integers (modules/imgproc/src/color_lab.cpp), so that the bytes are its bytes.
 */

const shift = 12
const tableShift = 15
const gammaBits = 3
const fixedShift = 14
const fixed = 2 ** fixedShift

const whitePoint = [0.950456, 1, 1.088754]

/** To XYZ, each row divided by the white point. */
const toXyz = [
  [0.412453 / whitePoint[0], 0.35758 / whitePoint[0], 0.180423 / whitePoint[0]],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / whitePoint[2], 0.119193 / whitePoint[2], 0.950227 / whitePoint[2]],
].map((row) => row.map((weight) => Math.round(weight * 2 ** shift)))

/** From XYZ, each column multiplied by the white point. */
const fromXyz = [
  [3.240479, -1.53715, -0.498535],
  [-0.969256, 1.875991, 0.041556],
  [0.055648, -0.204043, 1.057311],
].map((row) => row.map((weight, i) => Math.round(weight * whitePoint[i] * 2 ** shift)))

const linear = Uint16Array.from({ length: 256 }, (_, i) => Math.round(255 * 2 ** gammaBits * removeGamma(i / 255)))

const cubeRoots = Uint16Array.from({ length: (256 * 3 * 2 ** gammaBits) / 2 }, (_, i) => {
  const x = i / (255 * 2 ** gammaBits)
  return roundHalfToEven(2 ** tableShift * Math.fround(x < 216 / 24389 ? (x * 841) / 108 + 16 / 116 : Math.cbrt(x)))
})

/** Y and its cube root for each L, in fixed point. */
const lightness = Array.from({ length: 256 }, (_, i) => {
  if (i <= 20)
    return { y: Math.round((i * fixed * 180) / (17 * 29 ** 3)), fy: Math.round(fixed * (16 / 116 + (i * 5) / 1479)) }
  const fy = (i * 100 * fixed) / (255 * 116) + (16 * fixed) / 116
  return { y: Math.round(fy ** 3 / fixed ** 2), fy: Math.round(fy) }
})

const greenRed = Math.trunc((128 * fixed) / 500)
const blueYellow = Math.trunc((128 * fixed) / 200) - 1

const gamma = Uint8Array.from({ length: 2 ** shift }, (_, i) => Math.round(255 * addGamma(i / 2 ** shift)))

/** Converts interleaved RGB to interleaved Lab, both 3 bytes a pixel. */
export function rgbToLab(rgb: Uint8Array): Uint8Array {
  const lab = new Uint8Array(rgb.length)
  for (let i = 0; i < rgb.length; i += 3) {
    const fx = cubeRootOf(toXyz[0], rgb, i)
    const fy = cubeRootOf(toXyz[1], rgb, i)
    const fz = cubeRootOf(toXyz[2], rgb, i)
    lab[i] = clamp(descale(296 * fy - lightnessOffset, tableShift))
    lab[i + 1] = clamp(descale(500 * (fx - fy) + middle, tableShift))
    lab[i + 2] = clamp(descale(200 * (fy - fz) + middle, tableShift))
  }
  return lab
}

/** Converts interleaved Lab back to interleaved RGB. */
export function labToRgb(lab: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(lab.length)
  for (let i = 0; i < lab.length; i += 3) {
    const { y, fy } = lightness[lab[i]]
    const x = fromCubeRoot(fy + ((lab[i + 1] * 5 * 53687 + 2 ** 7) >> 13) - greenRed)
    const z = fromCubeRoot(fy - ((lab[i + 2] * 41943 + 2 ** 4) >> 9) + blueYellow)
    for (let c = 0; c < 3; c++) {
      const [wx, wy, wz] = fromXyz[c]
      const level = descale(wx * x + wy * y + wz * z, fixedShift)
      rgb[i + c] = gamma[Math.min(Math.max(level, 0), gamma.length - 1)]
    }
  }
  return rgb
}

const lightnessOffset = Math.trunc((16 * 255 * 2 ** tableShift + 50) / 100)
const middle = 128 * 2 ** tableShift

function cubeRootOf(row: number[], rgb: Uint8Array, i: number): number {
  const sum = linear[rgb[i]] * row[0] + linear[rgb[i + 1]] * row[1] + linear[rgb[i + 2]] * row[2]
  return cubeRoots[descale(sum, shift)]
}

function descale(value: number, bits: number): number {
  return Math.floor((value + 2 ** (bits - 1)) / 2 ** bits)
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 255)
}

function removeGamma(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function addGamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
}

/**
 * The cube of a fixed-point number, or the line that continues it below 6/29, cut to whole numbers at each operation.
 */
function fromCubeRoot(f: number): number {
  if (f <= 3390) return Math.trunc((f * 108) / 841) - 290
  return Math.trunc((Math.trunc((f * f) / fixed) * f) / fixed)
}
