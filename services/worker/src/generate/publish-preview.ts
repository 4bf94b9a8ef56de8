import { encodePreview } from '@pentimento/images'
import type { RgbImage, Safety } from '@pentimento/pipeline'
import type { JobEvents } from '@pentimento/state'
import type { Logger } from 'pino'

/** Of the longer side, in pixels. */
const previewSide = 256
const previewBytes = 16 * 1024

/** Shows those who watch the job how far it is. Never rejects: a preview more or less does not matter. */
export async function publishPreview(
  events: Pick<JobEvents, 'publishPreview'>,
  { id, log }: { id: string; log: Logger },
  { index, step, image }: { index: number; step: number; image: RgbImage },
): Promise<void> {
  try {
    const webp = await encodePreview(image, previewSide, previewBytes)
    if (webp) await events.publishPreview(id, { index, step, image: webp })
  } catch (error) {
    log.debug({ err: error }, 'a preview was not published')
  }
}

/**
 * After how many steps a preview is shown; 0: never. What may have to be withheld is not shown while it is painted:
 * nobody can look at half a picture.
 */
export function shownEvery(safety: Safety | null, asked: number): number {
  return safety?.policy === 'block' ? 0 : asked
}
