import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

it('repeats no key in what it says of an error', () => {
  const key = `pmt_abcdefgh2345_${'k'.repeat(43)}`
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', main, key], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^error: unknown command "pmt_abcdefgh2345_…"/)
})
