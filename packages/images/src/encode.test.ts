import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { decodeRgb } from './decode.ts'
import { encode, encodePreview } from './encode.ts'
import { asciiJson } from './exif.ts'
import type { ImageFormat, RgbImage } from './image.ts'
import { pngChunks } from './png-chunks.ts'
import { testLimits, testPixels } from './testing/pictures.ts'

const limits = testLimits
const formats: ImageFormat[] = ['png', 'jpeg', 'webp']
const image: RgbImage = { width: 40, height: 24, data: testPixels(40, 24, 3) }

const texts = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replaceAll('\0', ''))

/** Reads one field of the EXIF block as a big-endian TIFF with absolute offsets would be read by anyone. */
function readExif(exif: Buffer): { description: string; comment: string } {
  const tiff = exif.subarray(0, 4).toString('latin1') === 'Exif' ? exif.subarray(6) : exif
  const entries = (at: number) =>
    Array.from({ length: tiff.readUInt16BE(at) }, (_, i) => {
      const entry = at + 2 + i * 12
      return [tiff.readUInt16BE(entry), tiff.readUInt32BE(entry + 4), tiff.readUInt32BE(entry + 8)] as const
    })
  const find = (list: (readonly [number, number, number])[], tag: number) => {
    const entry = list.find(([id]) => id === tag)
    if (!entry) throw new Error(`no tag ${tag}`)
    return entry
  }
  const ifd0 = entries(tiff.readUInt32BE(4))
  const [, length, at] = find(ifd0, 0x010e)
  const [, commentLength, commentAt] = find(entries(find(ifd0, 0x8769)[2]), 0x9286)
  const comment = tiff.subarray(commentAt, commentAt + commentLength)
  expect(comment.subarray(0, 8).toString('latin1')).toBe('UNICODE\0')
  return {
    description: tiff.subarray(at, at + length - 1).toString('latin1'),
    comment: Buffer.from(comment.subarray(8)).swap16().toString('utf16le'),
  }
}

describe('encode', () => {
  it('keeps every pixel in PNG', async () => {
    const metadata = { parametersText: 'a photo of a café 日本', json: '{"prompt":"日本"}' }
    const file = await encode(image, { format: 'png', quality: 90, metadata })
    const decoded = await decodeRgb(file, limits)
    expect(Buffer.compare(decoded.image.data, image.data)).toBe(0)
  })

  it('gives equal bytes for equal requests and writes no text when asked not to', async () => {
    for (const format of formats) {
      const options = { format, quality: 80, metadata: { parametersText: 'p', json: '{}' } }
      const files = await Promise.all([encode(image, options), encode(image, options)])
      expect(files[0]).toEqual(files[1])
      const bare = await encode(image, { ...options, metadata: null })
      expect(bare.length).toBeLessThan(files[0].length)
      const header = await sharp(bare).metadata()
      expect([header.exif, header.comments]).toEqual([undefined, undefined])
    }
  })

  it('writes both texts so that other readers find them, in every format', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.dictionary(texts, texts, { maxKeys: 4 }), async (parametersText, fields) => {
        const metadata = { parametersText, json: JSON.stringify(fields) }
        const png = await encode(image, { format: 'png', quality: 90, metadata })
        const comments = (await sharp(png).metadata()).comments ?? []
        const read = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]))
        expect(Object.keys(read)).toEqual(['parameters', 'pentimento'])
        if (/^[\x20-\x7e]*$/.test(parametersText)) expect(read.parameters).toBe(parametersText)
        for (const format of ['jpeg', 'webp'] as const) {
          const file = await encode(image, { format, quality: 90, metadata })
          const { exif, width, height } = await sharp(file).metadata()
          if (!exif) throw new Error('no EXIF')
          expect([width, height]).toEqual([40, 24])
          const fieldsRead = readExif(exif)
          expect(fieldsRead.comment).toBe(parametersText)
          expect(JSON.parse(fieldsRead.description)).toEqual(fields)
          await decodeRgb(file, limits)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('uses tEXt for Latin-1 and iTXt for the rest, as PIL does', async () => {
    const write = async (parametersText: string) => {
      const file = await encode(image, { format: 'png', quality: 90, metadata: { parametersText, json: '{}' } })
      const chunk = [...pngChunks(file)].find(({ data }) =>
        Buffer.from(data).toString('latin1').startsWith('parameters\0'),
      )
      return [chunk?.type, Buffer.from(chunk?.data.subarray(11) ?? []).toString('latin1')]
    }
    expect(await write('café')).toEqual(['tEXt', 'café'])
    expect(await write('日')).toEqual(['iTXt', `\0\0\0\0${Buffer.from('日').toString('latin1')}`])
  })

  it('escapes JSON to ASCII without changing it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = asciiJson(JSON.stringify(value))
        expect(json).toMatch(/^[\x20-\x7e]*$/)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('lowers the size with the quality', async () => {
    for (const format of ['jpeg', 'webp'] as const) {
      const [low, high] = await Promise.all(
        [20, 95].map((quality) => encode(image, { format, quality, metadata: null })),
      )
      expect(low.length).toBeLessThan(high.length)
    }
  })
})

describe('encodePreview', () => {
  it('fits the side and the bytes', async () => {
    const large = { width: 600, height: 300, data: testPixels(600, 300, 3) }
    const preview = await encodePreview(large, 256, 16_384)
    if (!preview) throw new Error('no preview')
    expect(preview.length).toBeLessThanOrEqual(16_384)
    expect(await sharp(preview).metadata()).toMatchObject({ width: 256, height: 128, format: 'webp' })
    expect(await encodePreview(large, 256, 50)).toBeNull()
  })
})
