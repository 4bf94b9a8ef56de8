import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { decodeMask, decodeRgb, maskFromAlpha, verify } from './decode.ts'
import { ImageError } from './errors.ts'
import type { ImageFormat } from './image.ts'
import { testFile, testLimits, testPixels } from './testing/pictures.ts'

const limits = testLimits
const formats: ImageFormat[] = ['png', 'jpeg', 'webp']

function rgba(...pixels: [number, number, number, number][]): Promise<Buffer> {
  const raw = { width: pixels.length, height: 1, channels: 4 as const }
  return sharp(Buffer.from(pixels.flat()), { raw }).png().toBuffer()
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof ImageError)) throw new Error(`expected an ImageError, got ${String(error)}`)
  return error.code
}

describe('decodeRgb', () => {
  it('gives back the exact pixels of a PNG', async () => {
    const { image, alpha } = await decodeRgb(await testFile('png', 37, 21), limits)
    expect([image.width, image.height, alpha]).toEqual([37, 21, null])
    expect(Buffer.compare(image.data, testPixels(37, 21, 3))).toBe(0)
  })

  it('applies the EXIF orientation, for each of the eight values', async () => {
    // 2 × 1: red, blue. Where red stands when shown tells the orientation.
    const raw = { width: 2, height: 1, channels: 3 as const }
    const redAt = { 1: 0, 2: 1, 3: 1, 4: 0, 5: 0, 6: 0, 7: 1, 8: 1 }
    for (const [orientation, expected] of Object.entries(redAt)) {
      const jpeg = await sharp(Buffer.from([255, 0, 0, 0, 0, 255]), { raw })
        .resize(32, 16, { kernel: 'nearest' })
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer()
      const { image } = await decodeRgb(jpeg, limits)
      const turned = Number(orientation) > 4
      expect([image.width, image.height], orientation).toEqual(turned ? [16, 32] : [32, 16])
      const firstIsRed = image.data[0] > 200 && image.data[2] < 60
      expect(firstIsRed, `orientation ${orientation}`).toBe(expected === 0)
    }
  })

  it('turns grey, 16-bit, palette and grey with alpha into 8-bit RGB', async () => {
    const grey = Buffer.from([0, 100, 255])
    const raw = { width: 3, height: 1, channels: 1 as const }
    const files = {
      grey: await sharp(grey, { raw }).toColourspace('b-w').png().toBuffer(),
      grey16: await sharp(grey, { raw }).toColourspace('grey16').png().toBuffer(),
      rgb16: await sharp(grey, { raw }).toColourspace('rgb16').png().toBuffer(),
      palette: await sharp(grey, { raw }).toColourspace('srgb').png({ palette: true }).toBuffer(),
    }
    expect((await sharp(files.grey16).metadata()).depth).toBe('ushort')
    expect((await sharp(files.rgb16).metadata()).depth).toBe('ushort')
    for (const [name, file] of Object.entries(files)) {
      const { image } = await decodeRgb(file, limits)
      expect([...image.data], name).toEqual([0, 0, 0, 100, 100, 100, 255, 255, 255])
    }
    const greyAlpha = await sharp(Buffer.from([100, 255, 100, 0]), { raw: { width: 2, height: 1, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    const decoded = await decodeRgb(greyAlpha, limits)
    expect([...decoded.image.data]).toEqual([100, 100, 100, 255, 255, 255])
    expect([...(decoded.alpha?.data ?? [])]).toEqual([255, 0])
  })

  it('converts an embedded profile and CMYK to sRGB', async () => {
    const raw = { width: 16, height: 16, channels: 3 as const }
    const red = Buffer.from(Array.from({ length: 256 }, () => [200, 40, 40]).flat())
    const wide = await sharp(red, { raw }).withIccProfile('p3').png().toBuffer()
    const plain = await sharp(wide).keepIccProfile().raw().toBuffer()
    const { image } = await decodeRgb(wide, limits)
    expect(Math.abs(image.data[0] - 200)).toBeLessThanOrEqual(3)
    expect(Math.abs(image.data[1] - 40)).toBeLessThanOrEqual(3)
    expect(plain[0]).toBeLessThan(190)
    const cmyk = await sharp(red, { raw }).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(cmyk).metadata()).channels).toBe(4)
    const decoded = await decodeRgb(cmyk, limits)
    expect(decoded.alpha).toBeNull()
    expect(Math.abs(decoded.image.data[0] - 200)).toBeLessThan(16)
    expect(Math.abs(decoded.image.data[1] - 40)).toBeLessThan(24)
  })

  it('flattens alpha on white and hands the alpha out', async () => {
    const { image, alpha } = await decodeRgb(await rgba([0, 0, 0, 255], [0, 0, 0, 0], [10, 20, 30, 128]), limits)
    expect([...image.data]).toEqual([0, 0, 0, 255, 255, 255, 132, 137, 142])
    expect([...(alpha?.data ?? [])]).toEqual([255, 0, 128])
    const mask = await maskFromAlpha(alpha ?? { width: 0, height: 0, data: new Uint8Array() })
    expect([...mask.data]).toEqual([0, 255, 127])
  })
})

describe('decodeMask', () => {
  it('reads white, black and alpha, and keeps what is transparent of a painted mask', async () => {
    const file = await rgba([255, 255, 255, 255], [0, 0, 0, 255], [255, 255, 255, 0], [0, 0, 0, 0])
    const read = async (mode: 'white' | 'black' | 'alpha') => [...(await decodeMask(file, mode, limits)).data]
    expect(await read('white')).toEqual([255, 0, 0, 0])
    expect(await read('black')).toEqual([0, 255, 0, 0])
    expect(await read('alpha')).toEqual([0, 0, 255, 255])
  })

  it('keeps every level of grey, inverted for black', async () => {
    const levels = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const file = await sharp(levels, { raw: { width: 16, height: 16, channels: 1 } })
      .png()
      .toBuffer()
    expect(Buffer.compare((await decodeMask(file, 'white', limits)).data, levels)).toBe(0)
    expect([...(await decodeMask(file, 'black', limits)).data]).toEqual([...levels].map((v) => 255 - v))
  })

  it('repaints nothing by the alpha of an opaque file', async () => {
    const mask = await decodeMask(await testFile('jpeg', 16, 16), 'alpha', limits)
    expect(mask.data.every((value) => value === 0)).toBe(true)
  })
})

describe('verify', () => {
  it('tells the size and whether anything is transparent', async () => {
    expect(await verify(await testFile('webp', 30, 20), limits)).toEqual({
      format: 'webp',
      width: 30,
      height: 20,
      transparent: false,
    })
    expect(await verify(await rgba([1, 2, 3, 254]), limits)).toMatchObject({ transparent: true })
    expect(await verify(await rgba([1, 2, 3, 255]), limits)).toMatchObject({ transparent: false })
  })

  it('refuses exactly what decoding refuses', async () => {
    for (const format of formats) {
      const file = await testFile(format, 64, 48)
      const refused = (task: Promise<unknown>) =>
        task.then(
          () => null,
          (error: ImageError) => error.code,
        )
      for (let i = 0; i < 150; i++) {
        const broken = Buffer.from(file)
        const at = Math.floor((file.length * (i + 0.5)) / 150)
        broken[at] = (broken[at] ?? 0) ^ 0x5a
        expect(await refused(verify(broken, limits)), `${format}, byte ${at}`).toBe(
          await refused(decodeRgb(broken, limits)),
        )
      }
    }
  })

  it('tells the size as shown of a turned picture', async () => {
    const turned = await sharp(await testFile('jpeg', 30, 20))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(await verify(turned, limits)).toMatchObject({ width: 20, height: 30 })
  })

  it('refuses more pixels than the limit', async () => {
    for (const format of formats) {
      const file = await testFile(format, 64, 48)
      expect(await codeOf(verify(file, { ...limits, maxPixels: 64 * 48 - 1 }))).toBe('too_many_pixels')
    }
  })

  it('refuses every truncation of every format', async () => {
    for (const format of formats) {
      const file = await testFile(format, 64, 48)
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
          const code = await codeOf(verify(file.subarray(0, length), limits))
          expect(['truncated', 'broken', 'unsupported_format']).toContain(code)
        }),
        { numRuns: 150 },
      )
      expect(await codeOf(verify(file.subarray(0, file.length - 10), limits))).toBe('truncated')
    }
  })

  it('either decodes or throws an ImageError, whatever bytes are changed', async () => {
    for (const format of formats) {
      const file = await testFile(format, 40, 40, format === 'jpeg' ? 3 : 4)
      const change = fc.record({ at: fc.nat(file.length - 1), to: fc.integer({ min: 0, max: 255 }) })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
          const mutated = Buffer.from(file)
          for (const { at, to } of changes) mutated[at] = to
          const outcome = await verify(mutated, { ...limits, maxPixels: 100_000 }).catch((error: unknown) => error)
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ImageError)
        }),
        { numRuns: 150 },
      )
    }
  })
})
