import { readFile } from 'node:fs/promises'
import { errorTable } from '@pentimento/contracts'
import { expect, it } from 'vitest'

it('docs/errors.md lists every code with its status, and no other', async () => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const [answers = '', jobs = ''] = page.split('## Errors of jobs')
  const answered = [...answers.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  const table = Object.entries(errorTable).map(([code, { status }]) => [code, status] as const)
  expect(Object.fromEntries(answered)).toEqual(Object.fromEntries(table.filter(([, status]) => status !== 0)))
  const ofJobs = [...jobs.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code)
  for (const [code, status] of table) if (status === 0) expect(ofJobs).toContain(code)
  for (const code of ofJobs) expect(Object.keys(errorTable)).toContain(code)
})
