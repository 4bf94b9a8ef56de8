import { crc32, deflateSync } from 'node:zlib'

/** A black RGB picture, with a chunk of so many bytes that decoders pass over. */
export function plainPng(width: number, height: number, ballast = 0): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const rows = deflateSync(Buffer.alloc((width * 3 + 1) * height))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const passed = ballast > 0 ? chunk('teSt', Buffer.alloc(ballast, 7)) : Buffer.alloc(0)
  return Buffer.concat([signature, chunk('IHDR', head), passed, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
