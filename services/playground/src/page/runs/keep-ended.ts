import { ApiError } from '../api/client.ts'
import type { Run } from '../state/run.ts'
import { imageOf } from './images.ts'
import { keepRun } from './run-store.ts'

/** Of the longer side of a small copy, in pixels: sharp on a card. */
const thumbnailSide = 384

/**
 * Keeps a run that has ended with a small copy of each of its pictures: the service keeps them for a day. What cannot
 * be fetched now is tried again at the next visit.
 */
export async function keepEnded(run: Run): Promise<void> {
  const ended = run.job.value
  if (ended === null) return
  try {
    const thumbnails = await Promise.all(ended.images.map(({ index }) => imageOf(ended.id, index).then(thumbnailOf)))
    run.stored = { ...run.stored, ended, thumbnails }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || error.status === 401 || error.status === 429) return
    run.stored = { ...run.stored, ended }
  }
  if (!run.following.signal.aborted) await keepRun(run.stored)
}

async function thumbnailOf(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, thumbnailSide / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)))
  const canvas = document.createElement('canvas')
  canvas.width = width ?? 1
  canvas.height = height ?? 1
  const context = canvas.getContext('2d')
  if (context) context.imageSmoothingQuality = 'high'
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/webp', 0.85))
}
