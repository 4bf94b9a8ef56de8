import { deflateSync } from 'node:zlib'
import { pngChunk } from './png-chunks.ts'

/** How light a sample from 0 to 1 is. */
type Curve = (sample: number) => number

/**
 * Small ICC profiles, written here (ICC.1:2001-04, the matrix/TRC and the monochrome model). Primaries are adapted to
 * D50.
 */
export const profiles = {
  sRGB: rgbProfile(srgbCurve, [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.7141],
  ]),
  'Display P3': rgbProfile(srgbCurve, [
    [0.51512, 0.2412, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.1571, 0.06657, 0.78407],
  ]),
  'Adobe RGB': rgbProfile(
    (sample) => sample ** (563 / 256),
    [
      [0.60974, 0.31111, 0.01947],
      [0.20528, 0.62567, 0.06087],
      [0.14919, 0.06322, 0.74457],
    ],
  ),
  'gamma 2.2': greyProfile((sample) => sample ** 2.2),
  /** Ink of which 50 % print as 70 %. */
  'dot gain 20 %': greyProfile((sample) => sample - 0.8 * sample * (1 - sample)),
}

/** The `iCCP` chunk that embeds a profile in a PNG. */
export function profileChunk(profile: Uint8Array): Buffer {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0', 'latin1'), deflateSync(profile)]))
}

/** A profile of a kind of device with a colour space and whatever tags are given, in need or not. */
export function iccProfile(space: string, tags: Record<string, Buffer>, device = 'mntr'): Buffer {
  const all = { desc: description(), cprt: block('text', Buffer.from('none\0')), wtpt: xyz(0.9642, 1, 0.8249), ...tags }
  const table = Buffer.alloc(4 + Object.keys(all).length * 12)
  table.writeUInt32BE(Object.keys(all).length, 0)
  let at = 128 + table.length
  for (const [i, [name, data]] of Object.entries(all).entries()) {
    table.write(name, 4 + i * 12, 'latin1')
    table.writeUInt32BE(at, 8 + i * 12)
    table.writeUInt32BE(data.length, 12 + i * 12)
    at += data.length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at, 0)
  header.writeUInt32BE(0x02400000, 8)
  header.write(`${device}${space}XYZ `, 12, 'latin1')
  header.write('acsp', 36, 'latin1')
  header.set(xyz(0.9642, 1, 0.8249).subarray(8), 68)
  return Buffer.concat([header, table, ...Object.values(all)])
}

function rgbProfile(curve: Curve, [red, green, blue]: [number, number, number][]): Buffer {
  const trc = curveOf(curve)
  const matrix = { rXYZ: xyz(...red), gXYZ: xyz(...green), bXYZ: xyz(...blue) }
  return iccProfile('RGB ', { ...matrix, rTRC: trc, gTRC: trc, bTRC: trc })
}

function greyProfile(curve: Curve): Buffer {
  return iccProfile('GRAY', { kTRC: curveOf(curve) })
}

function srgbCurve(sample: number): number {
  return sample <= 0.04045 ? sample / 12.92 : ((sample + 0.055) / 1.055) ** 2.4
}

function block(type: string, data: Buffer): Buffer {
  const padding = Buffer.alloc((4 - (data.length % 4)) % 4)
  return Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), data, padding])
}

function curveOf(curve: Curve): Buffer {
  const data = Buffer.alloc(4 + 256 * 2)
  data.writeUInt32BE(256, 0)
  for (let i = 0; i < 256; i++) data.writeUInt16BE(Math.round(curve(i / 255) * 65535), 4 + i * 2)
  return block('curv', data)
}

function xyz(...values: [number, number, number]): Buffer {
  const data = Buffer.alloc(12)
  for (const [i, value] of values.entries()) data.writeInt32BE(Math.round(value * 65536), i * 4)
  return block('XYZ ', data)
}

function description(): Buffer {
  const data = Buffer.alloc(4 + 5 + 78)
  data.writeUInt32BE(5, 0)
  data.write('test', 4, 'latin1')
  return block('desc', data)
}
