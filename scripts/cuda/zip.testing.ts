import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  content: Buffer
  /** What stat would say; a regular file if not given. */
  mode?: number
  /** The size that the archive claims. */
  claimedBytes?: number
}

/** A zip archive, byte for byte by APPNOTE.TXT 4.3, so that it can lie as no library would. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, mode = 0o100644, claimedBytes = content.length } of entries) {
    const packed = deflateRawSync(content)
    const path = Buffer.from(name)
    // Flags, method, time, date, crc, sizes, length of the name, of extra fields: the same in both headers.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedBytes, 18)
    common.writeUInt16LE(path.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(mode * 2 ** 16, 6)
    tail.writeUInt32LE(offset, 10)
    // Made by Unix, so that the attributes are a mode.
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, path)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, packed])
    parts.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listing, end])
}
