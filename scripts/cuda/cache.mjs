import { mkdirSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { gigabytes, sum } from './lock.mjs'

/** Where downloads are kept that all clones share: PENTIMENTO_CACHE, else as the XDG base directories say. */
export function cacheFolder(root, { PENTIMENTO_CACHE, XDG_CACHE_HOME }) {
  const usual = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache')
  const folder = PENTIMENTO_CACHE ? resolve(root, PENTIMENTO_CACHE) : join(usual, 'pentimento')
  // The loader takes it for the end of a path.
  if (/[:;]/.test(folder)) throw new Error(`PENTIMENTO_CACHE must be a path without colon or semicolon, not ${folder}`)
  return folder
}

/** Makes the folder, and refuses before a long download what would not fit. */
export function prepareCache(cache, wheels) {
  try {
    mkdirSync(join(cache, 'cuda'), { recursive: true })
  } catch (error) {
    throw new Error(
      `The CUDA libraries cannot be kept in ${cache} (${error.code}): set PENTIMENTO_CACHE to another folder.`,
    )
  }
  // pip keeps what it downloads twice for a moment.
  const needed = unpackedBytes(wheels) + 2 * Math.max(...wheels.map(({ bytes }) => bytes))
  const { bavail, bsize } = statfsSync(cache)
  if (bavail * bsize < needed)
    throw new Error(
      `The CUDA libraries need ${gigabytes(needed)} in ${cache}, where ${gigabytes(bavail * bsize)} are free: make room, or set PENTIMENTO_CACHE to another folder.`,
    )
}

export function unpackedBytes(wheels) {
  return sum(wheels.flatMap(({ libraries }) => libraries.map(({ bytes }) => bytes)))
}
