import { readFileSync, writeFileSync } from 'node:fs'
import { figure, parityDocument } from './document.ts'
import type { ParityRow } from './row.ts'
import { parityRows } from './rows.ts'

/**
 * `npm run parity`: measures every row; with `--write` puts them into docs/parity.md, else says whether that file still
 * holds.
 */
const documentFile = new URL('../../../../docs/parity.md', import.meta.url)

const figures = new Map<ParityRow, string>()
let allHold = true
for (const row of parityRows()) {
  const measured = await row.measure()
  figures.set(row, figure(measured))
  const holds = measured <= row.limit
  allHold &&= holds
  process.stdout.write(`${row.group}, ${row.subject}: ${measured} of ${row.limit} ${holds ? 'ok' : 'TOO FAR'}\n`)
}
const text = parityDocument(figures)
if (process.argv.includes('--write')) {
  writeFileSync(documentFile, text)
} else if (readFileSync(documentFile, 'utf8') !== text) {
  process.stdout.write('docs/parity.md says otherwise: npm run parity -- --write brings it up to date\n')
  process.exitCode = 1
}
if (!allHold) process.exitCode = 1
