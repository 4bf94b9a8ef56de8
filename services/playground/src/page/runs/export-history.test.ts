import { expect, it } from 'vitest'
import type { StoredRun } from '../state/run.ts'
import { historyFile } from './export-history.ts'

it('writes runs with what was asked for, where they come from, and their small pictures', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256)
  const run: StoredRun = {
    key: 'k',
    jobId: 'job_1',
    kind: 'img2img',
    fields: [['prompt', 'a "pear"\n']],
    input: new Blob([bytes]),
    mask: null,
    sweep: null,
    source: { job: 'job_0', index: 2 },
    createdAt: 0,
    thumbnails: [new Blob([bytes], { type: 'image/webp' })],
  }
  const { runs } = JSON.parse(await (await historyFile([run])).text())
  expect(runs).toEqual([
    {
      kind: 'img2img',
      created_at: '1970-01-01T00:00:00.000Z',
      fields: { prompt: 'a "pear"\n' },
      sweep: null,
      source: { job: 'job_0', index: 2 },
      job: { id: 'job_1' },
      thumbnails: [`data:image/webp;base64,${Buffer.from(bytes).toString('base64')}`],
    },
  ])
})
