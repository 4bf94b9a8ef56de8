import { signal } from '@preact/signals'
import { expect, it } from 'vitest'
import type { StoredRun } from '../state/run.ts'
import { matches } from './matches.ts'

const stored: StoredRun = {
  key: 'k',
  jobId: null,
  kind: 'inpaint',
  fields: [
    ['prompt', 'a photo of a Quince'],
    ['seed', '4711'],
    ['model', 'still-life'],
  ],
  input: null,
  mask: null,
  sweep: null,
  createdAt: Date.UTC(2031, 4, 7, 12),
}
const run = { stored, job: signal(null) }

it('finds a run by any of the words that are known of it, all of them together', () => {
  for (const search of ['', 'quince', 'PHOTO quince', '4711', 'still-life inpaint', '2031-05-07 quince'])
    expect(matches(run, search), search).toBe(true)
  for (const search of ['pear', 'quince pear', '4712', 'img2img']) expect(matches(run, search), search).toBe(false)
})
