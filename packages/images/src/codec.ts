import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { createSemaphore } from './semaphore.ts'

// Uploads reach libvips through three loaders only; SVG, GIF, TIFF, PDF, HEIF and the rest stay shut, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
// No picture is worked on twice, so the operation cache would only hold memory.
sharp.cache(false)
// One thread a picture: many pictures at once are what a server has, and equal requests must give equal bytes.
sharp.concurrency(1)

/** Decoded pictures are tens of megabytes each: no more are held at once than there are cores to work on them. */
export const withCodecSlot = createSemaphore(availableParallelism())

export { sharp }
