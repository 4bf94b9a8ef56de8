import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', main, ...args])

it('loses nothing under open-loop load, prints what each tenant got, and serves readers of events to the end', async () => {
  const { stdout } = await run('--minutes', '0.05', '--workers', '1', '--readers', '40')
  expect(stdout).toContain('nothing lost; every answer was 202, 429 or 503')
  expect(stdout).toMatch(/^capacity +[1-9]\d*\.\d jobs\/s$/m)
  expect(stdout.match(/^ {2}tenant-\d+ /gm)).toHaveLength(20)
  expect(stdout).toContain('read to the end: 40; broken: 0')
}, 120_000)
