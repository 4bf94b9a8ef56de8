import { exifIfdPointer, imageDescription, userComment } from './exif.ts'

/** The two texts of an EXIF block that programs keep how a picture was made in; empty where there are none. */
interface ExifTexts {
  description: string
  comment: string
}

/** Directories of a few entries are all that is looked at. */
const mostEntries = 200

/**
 * Reads a TIFF block, with or without `Exif` before it, of either byte order (TIFF 6.0, section 2; Exif 2.32, section
 * 4.6.5). What is out of bounds is left out.
 */
export function readExif(block: Buffer): ExifTexts {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block
  const order = tiff.toString('latin1', 0, 4)
  if (order !== 'MM\0*' && order !== 'II*\0') return { description: '', comment: '' }
  const isLittle = order === 'II*\0'
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const u32 = (at: number) => (at + 4 > tiff.length ? 0 : isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))

  /** Where the entry of a tag in the directory at `from` stands. */
  function entry(from: number, tag: number): number | null {
    const count = Math.min(u16(from), mostEntries)
    for (let i = 0; i < count; i++) if (u16(from + 2 + i * 12) === tag) return from + 2 + i * 12
    return null
  }
  /** The bytes that the entry of a tag speaks of. */
  function value(from: number, tag: number): Buffer {
    const at = entry(from, tag)
    if (at === null) return Buffer.alloc(0)
    const length = u32(at + 4)
    const start = length <= 4 ? at + 8 : u32(at + 8)
    return tiff.subarray(start, start + length)
  }

  const ifd0 = u32(4)
  const exifIfd = entry(ifd0, exifIfdPointer)
  const comment = exifIfd === null ? Buffer.alloc(0) : value(u32(exifIfd + 8), userComment)
  return {
    description: value(ifd0, imageDescription).toString('utf8').replace(/\0+$/, ''),
    comment: commentText(comment, isLittle),
  }
}

/**
 * The first eight bytes of a comment name its code. Writers of UNICODE differ in the order of bytes: ASCII letters,
 * which every such text has, tell.
 */
function commentText(bytes: Buffer, isLittle: boolean): string {
  const code = bytes.toString('latin1', 0, 8)
  const text = bytes.subarray(8)
  if (code !== 'UNICODE\0')
    return (code === 'ASCII\0\0\0' || /^\0+$/.test(code) ? text : bytes).toString('utf8').replace(/\0+$/, '')
  const even = text.subarray(0, text.length & ~1)
  let zeros = 0
  for (let i = 0; i + 1 < even.length; i += 2) zeros += (even[i] === 0 ? 1 : 0) - (even[i + 1] === 0 ? 1 : 0)
  const isBig = zeros === 0 ? !isLittle : zeros > 0
  return (isBig ? Buffer.from(even).swap16() : even).toString('utf16le').replace(/\0+$/, '')
}
