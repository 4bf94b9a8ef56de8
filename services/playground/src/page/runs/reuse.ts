import type { Job } from '@pentimento/contracts'
import { plainWords } from '../api/plain-words.ts'
import { importPicture } from '../canvas/import-picture.ts'
import { type Mode, mode } from '../state/board.ts'
import { guideNames, guides, noGuides } from '../state/guides.ts'
import { notice } from '../state/notice.ts'
import type { StoredRun } from '../state/run.ts'
import { change } from '../state/settings.ts'
import { settingsOfJob } from '../state/settings-of-job.ts'
import { imageOf } from './images.ts'
import { viewed } from './viewed.ts'

/** Puts a result on the board, to be painted anew or in part: the loop of img2img. */
export async function reuseImage(job: Job, index: number, next: Mode): Promise<void> {
  try {
    await importPicture(await imageOf(job.id, index), { job: job.id, index })
  } catch (error) {
    notice.value = plainWords(error)
    return
  }
  const { width, height } = job.parameters
  change({ width: String(width), height: String(height) })
  mode.value = next
  viewed.value = null
  // On a small screen the results are far below the board.
  requestAnimationFrame(() => document.querySelector('.toolbar')?.scrollIntoView({ block: 'nearest' }))
}

const modes = { txt2img: 'text', img2img: 'sketch', inpaint: 'inpaint' } as const

/**
 * Takes every setting of a job, its seed among them, what it was made by (words, a drawing, a mask), and the pictures
 * that its run was held to.
 */
export function reuseSettings(job: Job, run: StoredRun): void {
  mode.value = modes[job.kind]
  const asked = settingsOfJob(job)
  change(asked)
  viewed.value = null
  guides.value = run.guides ?? noGuides
  // A job that came by its link has left its pictures with whoever ran it.
  if (run.guides === undefined && guideNames.some((name) => asked[`${name}_model`] !== ''))
    notice.value = 'The pictures that this run was held to are not in this browser: open them again.'
}

/** The name under which a result is saved. */
export function fileName(job: Job, index: number): string {
  const format = job.parameters.output_format === 'jpeg' ? 'jpg' : job.parameters.output_format
  return `${job.id}-${index}.${format}`
}

/** Saves what an address of the page itself names as a file. */
export function save(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}

/** Saves a file that the page holds. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  save(address, name)
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
