import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { insertPngChunks, pngChunk, pngText } from './png-chunks.ts'
import { plainPngHeader } from './png-header.ts'
import { testFile, testPixels } from './testing/pictures.ts'

/** A PNG of one colour type and depth, as libpng writes it. */
async function picture(
  channels: 1 | 2 | 3 | 4,
  options: { palette?: boolean; bitdepth?: 1 | 2 | 4 | 8; sixteen?: boolean },
) {
  const { sixteen = false, ...png } = options
  const image = sharp(testPixels(31, 7, channels), { raw: { width: 31, height: 7, channels } })
  const space = channels < 3 ? (sixteen ? 'grey16' : 'b-w') : sixteen ? 'rgb16' : 'srgb'
  return image.toColourspace(space).png(png).toBuffer()
}

/** With one byte of the header chunk changed, under a checksum that fits. */
function patched(png: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(png)
  copy[at] = value
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29)
  return copy
}

describe('plainPngHeader', () => {
  it.each([
    ...([1, 2, 3, 4] as const).flatMap((channels) => [[channels, {}] as const, [channels, { sixteen: true }] as const]),
    [3, { palette: true }] as const,
    [3, { palette: true, bitdepth: 1 }] as const,
  ])('says of %d channels %j what libvips says', async (channels, options) => {
    const png = await picture(channels, options)
    const { width, height, hasAlpha } = await sharp(png).metadata()
    expect(plainPngHeader(png)).toEqual({ width, height, stored: { width, height }, hasAlpha })
    expect(hasAlpha).toBe(channels === 2 || channels === 4)
  })

  it('leaves a picture to libvips that something behind the header changes', async () => {
    const png = await testFile('png', 31, 7)
    expect(plainPngHeader(insertPngChunks(png, [pngText('parameters', 'a boat')]))).not.toBeNull()
    expect(plainPngHeader(insertPngChunks(png, [pngChunk('tRNS', Buffer.alloc(6))]))).toBeNull()
    const turned = await sharp(png).withMetadata({ orientation: 6 }).png().toBuffer()
    expect(plainPngHeader(turned)).toBeNull()
    const last = png.subarray(0, -12)
    expect(plainPngHeader(Buffer.concat([last, pngChunk('eXIf', Buffer.alloc(8)), png.subarray(-12)]))).toBeNull()
  })

  it('leaves a header to libvips that is none', async () => {
    const png = await testFile('png', 31, 7)
    const crc = Buffer.from(png)
    crc[19] = 32
    expect(plainPngHeader(crc)).toBeNull()
    expect(plainPngHeader(patched(png, 19, 0))).toBeNull()
    expect(plainPngHeader(patched(png, 25, 5))).toBeNull()
    expect(plainPngHeader(patched(png, 19, 32))).toMatchObject({ width: 32 })
    expect(plainPngHeader(Buffer.concat([png.subarray(0, 8), pngText('a', 'b'), png.subarray(8)]))).toBeNull()
    expect(plainPngHeader(png.subarray(0, 20))).toBeNull()
  })
})
