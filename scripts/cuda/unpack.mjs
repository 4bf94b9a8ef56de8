import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'

const FILE_TYPE = 0o170000
const REGULAR = 0o100000

/** Whether an entry is a plain file; archives made without file types leave it open. */
const isFile = ({ externalFileAttributes: attributes }) => [0, REGULAR].includes((attributes >>> 16) & FILE_TYPE)

/** The shared libraries in a wheel, which is a zip archive: their paths in it and sizes in bytes. */
export async function listLibraries(wheel) {
  const zip = await yauzl.openPromise(wheel)
  const libraries = []
  for await (const entry of zip.eachEntry())
    if (/\/lib[^/]+\.so[.\d]*$/.test(entry.fileName) && isFile(entry))
      libraries.push({ path: entry.fileName, bytes: entry.uncompressedSize })
  return libraries
}

/**
 * Writes these libraries of a wheel, and nothing else of it, into one folder, and has them on the disk before it
 * resolves.
 *
 * @throws if one is missing, twice there, no plain file, or of another size, and if an entry's name leads out of the
 * archive
 */
export async function unpackLibraries(wheel, libraries, folder) {
  const missing = new Map(libraries.map(({ path, bytes }) => [path, bytes]))
  const wanted = new Set(missing.keys())
  const zip = await yauzl.openPromise(wheel, { strictFileNames: true })
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: path, uncompressedSize } = entry
      if (!wanted.has(path)) continue
      if (!isFile(entry) || uncompressedSize !== missing.get(path))
        throw new Error(`${path} is not the file it should be`)
      missing.delete(path)
      const content = await zip.openReadStreamPromise(entry)
      const target = join(folder, path.split('/').at(-1))
      await pipeline(content, createWriteStream(target, { flags: 'wx', mode: 0o755, flush: true }))
    }
  } finally {
    zip.close()
  }
  if (missing.size > 0) throw new Error(`${[...missing.keys()].join(', ')} is not in the wheel`)
}
