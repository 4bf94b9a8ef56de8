import { sharp, withCodecTurn } from './codec.ts'
import { exifBlock, insertJpegExif, insertWebpExif } from './exif.ts'
import type { ImageFormat, RgbImage } from './image.ts'
import { insertPngChunks, pngText } from './png-chunks.ts'

interface EncodeOptions {
  format: ImageFormat
  /** 1–100, for JPEG and WebP; null for PNG, which is lossless. */
  quality: number | null
  /** Written into the file; null leaves the file bare. */
  metadata: ImageMetadata | null
}

export interface ImageMetadata {
  /** A1111's "parameters" text: a PNG text chunk of that name, or the EXIF UserComment of a JPEG or WebP. */
  parametersText: string
  /** PNG text chunk `pentimento`, or the EXIF ImageDescription of a JPEG or WebP. */
  json: string
}

/**
 * Encodes a picture. Equal pixels and options give equal bytes: nothing of the moment is written.
 *
 * @returns the whole file
 */
export function encode(image: RgbImage, options: EncodeOptions): Promise<Buffer> {
  const { format, metadata } = options
  const lossy = options.quality === null ? {} : { quality: options.quality }
  return withCodecTurn(async () => {
    const raw = sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    if (format === 'png') {
      const png = await raw.png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer()
      if (!metadata) return png
      return insertPngChunks(png, [
        pngText('parameters', metadata.parametersText),
        pngText('pentimento', metadata.json),
      ])
    }
    const exif = metadata && exifBlock(metadata.json, metadata.parametersText)
    if (format === 'jpeg') {
      // Full chroma resolution: generated pictures have hard colour edges that 4:2:0 smears.
      const jpeg = await raw.jpeg({ ...lossy, chromaSubsampling: '4:4:4' }).toBuffer()
      return exif ? insertJpegExif(jpeg, exif) : jpeg
    }
    const webp = await raw.webp(lossy).toBuffer()
    return exif ? insertWebpExif(webp, exif, image.width, image.height) : webp
  })
}

/**
 * A small WebP for live previews.
 *
 * @param maxSide the longer side in pixels at most
 * @param maxBytes quality falls until the file fits
 * @returns null when even the lowest quality does not fit
 */
export function encodePreview(image: RgbImage, maxSide: number, maxBytes: number): Promise<Buffer | null> {
  return withCodecTurn(async () => {
    const raw = { width: image.width, height: image.height, channels: 3 as const }
    for (const quality of [75, 50, 25, 5]) {
      const preview = await sharp(image.data, { raw })
        .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
        .webp({ quality })
        .toBuffer()
      if (preview.length <= maxBytes) return preview
    }
    return null
  })
}
