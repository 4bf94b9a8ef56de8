import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { sniffFormat } from './container.ts'
import { inspect } from './inspect.ts'
import { insertPngChunks } from './png-chunks.ts'
import { testFile, testLimits, testPixels } from './testing/pictures.ts'

const limits = { ...testLimits, maxPixels: 1_000_000 }

describe('inspect', () => {
  it('tells format and size by content', async () => {
    expect(await inspect(await testFile('png', 30, 20, 4), limits)).toEqual({
      format: 'png',
      width: 30,
      height: 20,
      stored: { width: 30, height: 20 },
      hasAlpha: true,
    })
    expect(await inspect(await testFile('jpeg', 30, 20), limits)).toMatchObject({ format: 'jpeg', hasAlpha: false })
    expect(await inspect(await testFile('webp', 30, 20), limits)).toMatchObject({ format: 'webp', width: 30 })
  })

  it('gives the size as shown', async () => {
    const file = await sharp(await testFile('jpeg', 30, 20))
      .withMetadata({ orientation: 6 })
      .toBuffer()
    expect(await inspect(file, limits)).toMatchObject({
      width: 20,
      height: 30,
      stored: { width: 30, height: 20 },
    })
  })

  it('refuses all other formats, also under the first bytes of an allowed one', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')
    const tiff = Buffer.from('II*\0\x08\0\0\0', 'latin1')
    for (const bytes of [svg, gif, tiff, Buffer.alloc(0), Buffer.from('hello')]) {
      await expect(inspect(bytes, limits)).rejects.toMatchObject({ code: 'unsupported_format' })
      expect(sniffFormat(bytes)).toBeNull()
    }
    await expect(sharp(svg).metadata()).rejects.toThrow()
    await expect(sharp(gif).metadata()).rejects.toThrow()
    const disguised = Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), svg])
    await expect(inspect(disguised, limits)).rejects.toMatchObject({ code: 'broken' })
  })

  it('refuses a pixel bomb from its header', async () => {
    const bomb = await sharp(Buffer.alloc(30_000_000), { raw: { width: 30_000, height: 1000, channels: 1 } })
      .png()
      .toBuffer()
    expect(bomb.length).toBeLessThan(100_000)
    const start = performance.now()
    await expect(inspect(bomb, limits)).rejects.toMatchObject({ code: 'too_many_pixels' })
    expect(performance.now() - start).toBeLessThan(100)
  })

  it('refuses animations', async () => {
    const frames = sharp(testPixels(16, 32, 3), { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
    const webp = await frames.webp({ loop: 0, delay: [100, 100] }).toBuffer()
    await expect(inspect(webp, limits)).rejects.toMatchObject({ code: 'animated' })
    const control = Buffer.from('000000086163544c00000002000000000f4e9f5d'.padEnd(40, '0'), 'hex')
    const apng = insertPngChunks(await testFile('png', 16, 16), [control])
    await expect(inspect(apng, limits)).rejects.toMatchObject({ code: 'animated' })
  })
})
