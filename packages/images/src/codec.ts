import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { createTurns } from './turns.ts'

// Uploads reach libvips through three loaders only; SVG, GIF, TIFF, PDF, HEIF and the rest stay shut, whatever a file
// claims to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
// No picture is worked on twice, so the operation cache would only hold memory.
sharp.cache(false)
// One thread a picture: many pictures at once are what a server has, and equal requests must give equal bytes.
sharp.concurrency(1)

/**
 * Of the four threads that libuv has for this and for files and names alike. With the turn that is kept for a newcomer,
 * three at most hold a picture.
 */
const slots = Math.min(availableParallelism(), 2)

/**
 * Decoded pictures are tens of megabytes each: no more are held at once than there are cores to work on them, and they
 * come by turns of their owners.
 */
export const withCodecTurn = createTurns(slots)

export { sharp }
