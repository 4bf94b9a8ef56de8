import { ImageError, tooMany } from './errors.ts'

/**
 * An encoder's progressive picture has ten scans or so; each one costs a pass over all of its blocks, however few bytes
 * it has.
 */
const maxScans = 64
/** 20 MB of full segments are 320. */
const maxSegments = 2000

const startOfScan = 0xda
const endOfImage = 0xd9

/**
 * Walks over the markers of a JPEG file (ITU-T T.81, annex B) as a decoder would, garbage in between included, without
 * decoding anything.
 *
 * @throws ImageError `too_many_parts`, or `unsupported_format` for coding other than Huffman with 8 bits, which no
 * camera and no program writes by itself
 */
export function checkJpegSegments(bytes: Uint8Array): void {
  let scans = 0
  let segments = 0
  for (let at = nextMarker(bytes, 2); at < bytes.length; at = nextMarker(bytes, at)) {
    const code = bytes[at + 1]
    if (code === endOfImage) return
    if (++segments > maxSegments) throw tooMany('JPEG', `${maxSegments} segments`)
    if (code === startOfScan && ++scans > maxScans) throw tooMany('JPEG', `${maxScans} scans`)
    if (isFrame(code)) checkFrame(code, bytes[at + 4])
    at += 2 + Math.max(2, (bytes[at + 2] << 8) | bytes[at + 3])
  }
}

/** Where the next marker that begins a segment stands: not a stuffed byte, not a restart inside of a scan. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue
    const code = bytes[at + 1]
    if (code > 0x01 && code < 0xff && (code < 0xd0 || code > 0xd8)) return at
  }
  return bytes.length
}

/** SOF0 to SOF15; among their codes are those of three other segments: DHT, JPG and DAC. */
function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc
}

function checkFrame(code: number, bits: number): void {
  if (code <= 0xc2 && bits === 8) return
  const detail =
    'the JPEG file is lossless, arithmetic coded or has more than 8 bits; save it as an ordinary JPEG, or as PNG'
  throw new ImageError('unsupported_format', detail)
}
