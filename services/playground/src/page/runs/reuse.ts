import type { Job } from '@pentimento/contracts'
import { getImage } from '../api/client.ts'
import { plainWords } from '../api/plain-words.ts'
import { type Mode, mode } from '../canvas/board-state.ts'
import { importPicture } from '../canvas/import-picture.ts'
import { notice } from '../chrome/notice.ts'
import { change } from '../settings/settings.ts'
import { viewed } from './viewed.ts'

/** Puts a result on the board, to be painted anew or in part: the loop of img2img. */
export async function reuseImage(job: Job, index: number, next: Mode): Promise<void> {
  try {
    await importPicture(await getImage(job.id, index))
  } catch (error) {
    notice.value = plainWords(error)
    return
  }
  const { width, height } = job.parameters
  change({ width: String(width), height: String(height) })
  mode.value = next
  viewed.value = null
}

/** Saves a result as a file. */
export function download(address: string, job: Job, index: number): void {
  const link = document.createElement('a')
  link.href = address
  const format = job.parameters.output_format === 'jpeg' ? 'jpg' : job.parameters.output_format
  link.download = `${job.id}-${index}.${format}`
  link.click()
}
