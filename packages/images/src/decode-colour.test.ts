import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { decodeMask, decodeRgb, verify } from './decode.ts'
import { insertPngChunks, pngChunk } from './png-chunks.ts'
import { iccProfile, profileChunk, profiles } from './profiles.testing.ts'
import { testLimits } from './testing/pictures.ts'

const limits = testLimits
const side = 48
const layouts = { grey: 1, 'grey with alpha': 2, RGB: 3, RGBA: 4 } as const
type Layout = keyof typeof layouts

/** Every channel takes its own way through all values, so that saturated and dark colours are among them. */
function samples(layout: Layout): number[] {
  const channels = layouts[layout]
  const steps = [5, 11, 3]
  return Array.from({ length: side * side * channels }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels]
    const isAlpha = channel === channels - 1 && channels % 2 === 0
    return isAlpha ? Math.min(255, (pixel % side) * 8) : (pixel * (steps[channel] ?? 1)) % 256
  })
}

interface Kind {
  depth: 8 | 16
  layout: Layout
  chunks?: Buffer[]
  interlaced?: boolean
}

async function png({ depth, layout, chunks = [], interlaced = false }: Kind): Promise<Buffer> {
  const values = samples(layout)
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values, (value) => value * 257)
  const grey = layouts[layout] < 3
  const space = depth === 8 ? (grey ? 'b-w' : 'srgb') : grey ? 'grey16' : 'rgb16'
  const file = await sharp(data, { raw: { width: side, height: side, channels: layouts[layout] } })
    .toColourspace(space)
    .png({ progressive: interlaced })
    .toBuffer()
  expect([file[24], file[28]]).toEqual([depth, Number(interlaced)])
  return insertPngChunks(file, chunks)
}

/** The largest difference of a byte, whatever the file is used as. */
async function difference(file: Buffer, twin: Buffer): Promise<number> {
  const read = async (bytes: Buffer) => {
    const { image, alpha } = await decodeRgb(bytes, limits)
    const masks = (['white', 'black', 'alpha'] as const).map(async (mode) => decodeMask(bytes, mode, limits))
    return [image, ...(alpha ? [alpha] : []), ...(await Promise.all(masks))].map((part) => part.data)
  }
  const [ours, theirs] = [await read(file), await read(twin)]
  expect(ours.map((part) => part.length)).toEqual(theirs.map((part) => part.length))
  return Math.max(...ours.map((part, k) => part.reduce((most, v, i) => Math.max(most, Math.abs(v - theirs[k][i])), 0)))
}

const firstOf = async (file: Buffer, pixel: number) =>
  [...(await decodeRgb(file, limits)).image.data].slice(pixel * 3, pixel * 3 + 3)

describe('a picture of 16 bits', () => {
  for (const layout of Object.keys(layouts) as Layout[]) {
    const chunks = { 'no profile': [], ...mapped(profiles, (profile) => [profileChunk(profile)]) }
    it.each(Object.entries(chunks))(`${layout}, %s, equals its twin of 8 bits`, async (_, chunks) => {
      const twin = await png({ depth: 8, layout, chunks })
      expect(await difference(await png({ depth: 16, layout, chunks }), twin)).toBeLessThanOrEqual(1)
      const interlaced = await png({ depth: 16, layout, chunks, interlaced: true })
      expect(await difference(interlaced, twin)).toBeLessThanOrEqual(1)
      expect(await verify(interlaced, limits)).toEqual(await verify(twin, limits))
    })
  }

  it.each([
    ['sRGB', [pngChunk('sRGB', Buffer.of(0))]],
    ['gAMA', [pngChunk('gAMA', uint32(45455))]],
    [
      'gAMA and cHRM',
      [
        pngChunk('gAMA', uint32(45455)),
        pngChunk('cHRM', uint32(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
      ],
    ],
    ['cICP', [pngChunk('cICP', Buffer.of(12, 13, 0, 1))]],
  ])('with %s equals its twin of 8 bits', async (_, chunks) => {
    const twin = await png({ depth: 8, layout: 'RGB', chunks })
    expect(await difference(await png({ depth: 16, layout: 'RGB', chunks }), twin)).toBe(0)
  })

  it.each(['grey', 'RGB'] as const)('%s with one transparent colour equals its twin of 8 bits', async (layout) => {
    const colour = samples(layout).slice(0, layouts[layout])
    const files = ([8, 16] as const).map((depth) => {
      const key = Buffer.concat(colour.map((value) => uint16(depth === 8 ? value : value * 257)))
      const profile = profiles[layout === 'grey' ? 'dot gain 20 %' : 'Adobe RGB']
      return png({ depth, layout, chunks: [profileChunk(profile), pngChunk('tRNS', key)] })
    })
    const [twin, file] = await Promise.all(files)
    expect(await verify(file, limits)).toMatchObject({ transparent: true })
    expect(await difference(file, twin)).toBeLessThanOrEqual(1)
  })

  it('keeps its colours under sRGB, and follows the curve of grey', async () => {
    const raw = { width: 1, height: 1, channels: 3 as const }
    const red = await sharp(Uint16Array.of(230 * 257, 20 * 257, 30 * 257), { raw })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    for (const chunks of [[], [profileChunk(profiles.sRGB)]]) {
      const [r, g, b] = await firstOf(insertPngChunks(red, chunks), 0)
      expect(Math.max(Math.abs(r - 230), Math.abs(g - 20), Math.abs(b - 30))).toBeLessThanOrEqual(2)
    }
    const grey = await sharp(Uint16Array.of(64 * 257), { raw: { ...raw, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    expect(await firstOf(insertPngChunks(grey, [profileChunk(profiles['dot gain 20 %'])]), 0)).toEqual([89, 89, 89])
  })
})

it('applies the profile of a palette', async () => {
  const wide = profileChunk(profiles['Adobe RGB'])
  const colours = sharp(Buffer.from([200, 40, 40, 20, 200, 40]), { raw: { width: 2, height: 1, channels: 3 } })
  const palette = insertPngChunks(await colours.clone().png({ palette: true }).toBuffer(), [wide])
  expect(palette[25]).toBe(3)
  expect(await difference(palette, insertPngChunks(await colours.clone().png().toBuffer(), [wide]))).toBe(0)
})

describe('a profile that cannot be used', () => {
  const rgb = profiles['Adobe RGB']
  const changed = (at: number, text: string) => {
    const copy = Buffer.from(rgb)
    copy.write(text, at, 'latin1')
    return copy
  }
  const useless: Record<string, Buffer> = {
    'of CMYK': iccProfile('CMYK', {}, 'prtr'),
    'of Lab': changed(16, 'Lab '),
    'that links devices': changed(12, 'link'),
    'without tags': iccProfile('RGB ', {}),
    'cut short': rgb.subarray(0, 200),
    'without its last curve': rgb.subarray(0, rgb.length - 20),
    'of nonsense': Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 256)),
    empty: Buffer.alloc(0),
  }
  const chunks = {
    ...mapped(useless, profileChunk),
    'that is not deflated': pngChunk('iCCP', Buffer.from('test\0\0nonsense', 'latin1')),
    'whose deflate stream is cut': pngChunk('iCCP', profileChunk(rgb).subarray(8, 100)),
  }

  for (const layout of Object.keys(layouts) as Layout[]) {
    it.each(Object.entries(chunks))(`is passed by in ${layout}: one %s`, async (_, chunk) => {
      for (const depth of [8, 16] as const) {
        const bare = await png({ depth, layout })
        expect(await difference(await png({ depth, layout, chunks: [chunk] }), bare)).toBe(0)
      }
    })
  }

  it('is passed by where it would make everything black', async () => {
    const noLight = Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), Buffer.alloc(12)])
    const noCurve = Buffer.from('curv\0\0\0\0\0\0\0\x02\0\0\0\0', 'latin1')
    const rgbTags = { rXYZ: noLight, gXYZ: noLight, bXYZ: noLight, rTRC: noCurve, gTRC: noCurve, bTRC: noCurve }
    for (const [layout, profile] of [
      ['RGB', iccProfile('RGB ', rgbTags)],
      ['RGBA', iccProfile('RGB ', rgbTags)],
      ['grey', iccProfile('GRAY', { kTRC: noCurve })],
      ['grey with alpha', iccProfile('GRAY', { kTRC: noCurve })],
    ] as const) {
      for (const depth of [8, 16] as const) {
        const file = await png({ depth, layout, chunks: [profileChunk(profile)] })
        const raw = await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer()
        if (depth === 8) expect(raw.every((value) => value === 0)).toBe(true)
        expect(await difference(file, await png({ depth, layout }))).toBe(0)
      }
    }
  })

  it('is passed by where it is made for grey and the picture is not, and the other way round', async () => {
    for (const depth of [8, 16] as const) {
      for (const [layout, profile] of [
        ['RGB', profiles['dot gain 20 %']],
        ['grey', rgb],
      ] as const) {
        const bare = await png({ depth, layout })
        expect(await difference(await png({ depth, layout, chunks: [profileChunk(profile)] }), bare)).toBe(0)
      }
    }
  })
})

function mapped<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4)
  return bytes
}
