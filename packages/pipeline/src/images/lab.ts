/*
 * CIE L*a*b* in 8 bits as OpenCV has it (COLOR_RGB2LAB, COLOR_LAB2RGB): D65 white, L scaled to 0 … 255, a and b moved by 128.
 * To Lab as OpenCV's integers compute it; back in floating point, within 1 of OpenCV's.
 */

const shift = 12
const tableShift = 15
const gammaBits = 3

/** To XYZ, each row divided by the white point. */
const toXyz = [
  [0.412453 / 0.950456, 0.35758 / 0.950456, 0.180423 / 0.950456],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754],
].map((row) => row.map((weight) => Math.round(weight * 2 ** shift)))

const fromXyz = [
  [3.240479, -1.53715, -0.498535],
  [-0.969256, 1.875991, 0.041556],
  [0.055648, -0.204043, 1.057311],
]

const linear = Uint16Array.from({ length: 256 }, (_, i) => Math.round(255 * 2 ** gammaBits * removeGamma(i / 255)))

const cubeRoots = Uint16Array.from({ length: (256 * 3 * 2 ** gammaBits) / 2 }, (_, i) => {
  const x = i / (255 * 2 ** gammaBits)
  return Math.round(2 ** tableShift * (x < 216 / 24389 ? (x * 841) / 108 + 16 / 116 : Math.cbrt(x)))
})

/** Converts interleaved RGB to interleaved Lab, both 3 bytes a pixel. */
export function rgbToLab(rgb: Uint8Array): Uint8Array {
  const lab = new Uint8Array(rgb.length)
  for (let i = 0; i < rgb.length; i += 3) {
    const [r, g, b] = [linear[rgb[i]], linear[rgb[i + 1]], linear[rgb[i + 2]]]
    const [fx, fy, fz] = toXyz.map((row) => cubeRoots[descale(r * row[0] + g * row[1] + b * row[2], shift)])
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
    const fy = ((lab[i] * 100) / 255 + 16) / 116
    const x = 0.950456 * fromCubeRoot(fy + (lab[i + 1] - 128) / 500)
    const y = fromCubeRoot(fy)
    const z = 1.088754 * fromCubeRoot(fy - (lab[i + 2] - 128) / 200)
    for (let c = 0; c < 3; c++) {
      const [wx, wy, wz] = fromXyz[c]
      rgb[i + c] = clamp(Math.round(255 * addGamma(Math.min(Math.max(wx * x + wy * y + wz * z, 0), 1))))
    }
  }
  return rgb
}

const lightnessOffset = Math.trunc((16 * 255 * 2 ** tableShift + 50) / 100)
const middle = 128 * 2 ** tableShift

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

function fromCubeRoot(f: number): number {
  return f > 6 / 29 ? f ** 3 : (f - 16 / 116) * (108 / 841)
}
