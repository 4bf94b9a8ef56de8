const ascii = 2
const long = 4
const undefinedType = 7
export const imageDescription = 0x010e
export const exifIfdPointer = 0x8769
export const userComment = 0x9286

/** Characters beyond ASCII become JSON escapes: an EXIF ASCII field holds 7-bit text. */
export function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * A TIFF block with two fields: ImageDescription (JSON) and UserComment in its "UNICODE" form, which is where A1111
 * keeps its parameters in JPEG and WebP files (Exif 2.32, sections 4.6.4 and 4.6.5; big-endian, so the text is
 * UTF-16BE).
 */
export function exifBlock(json: string, comment: string): Buffer {
  const description = Buffer.from(`${asciiJson(json)}\0`, 'latin1')
  const text = Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(comment, 'utf16le').swap16()])
  const ifd0At = 8
  const exifIfdAt = ifd0At + 2 + 2 * 12 + 4
  const descriptionAt = exifIfdAt + 2 + 12 + 4
  // Values start on a word boundary (TIFF 6.0, section 2).
  const textAt = descriptionAt + description.length + (description.length % 2)
  const block = Buffer.alloc(textAt + text.length)
  block.write('MM\0*', 0, 'latin1')
  block.writeUInt32BE(ifd0At, 4)
  block.writeUInt16BE(2, ifd0At)
  writeEntry(block, ifd0At + 2, imageDescription, ascii, description.length, descriptionAt)
  writeEntry(block, ifd0At + 14, exifIfdPointer, long, 1, exifIfdAt)
  block.writeUInt16BE(1, exifIfdAt)
  writeEntry(block, exifIfdAt + 2, userComment, undefinedType, text.length, textAt)
  block.set(description, descriptionAt)
  block.set(text, textAt)
  return block
}

function writeEntry(block: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  block.writeUInt16BE(tag, at)
  block.writeUInt16BE(type, at + 2)
  block.writeUInt32BE(count, at + 4)
  block.writeUInt32BE(value, at + 8)
}

/** Puts an EXIF segment right behind a JPEG's start-of-image marker. The block may have 65,525 bytes at most. */
export function insertJpegExif(jpeg: Buffer, exif: Buffer): Buffer {
  const head = Buffer.from('\xff\xe1\0\0Exif\0\0', 'latin1')
  head.writeUInt16BE(exif.length + 8, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)])
}

/**
 * Turns an opaque, single-frame WebP into the extended layout with an EXIF chunk
 * (WebP container specification, "Extended File Format").
 */
export function insertWebpExif(webp: Buffer, exif: Buffer, width: number, height: number): Buffer {
  const extended = Buffer.alloc(18)
  extended.write('VP8X', 0, 'latin1')
  extended.writeUInt32LE(10, 4)
  extended[8] = 0b1000
  extended.writeUIntLE(width - 1, 12, 3)
  extended.writeUIntLE(height - 1, 15, 3)
  const head = Buffer.alloc(8)
  head.write('EXIF', 0, 'latin1')
  head.writeUInt32LE(exif.length, 4)
  const padding = Buffer.alloc(exif.length % 2)
  const file = Buffer.concat([webp.subarray(0, 12), extended, webp.subarray(12), head, exif, padding])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}
