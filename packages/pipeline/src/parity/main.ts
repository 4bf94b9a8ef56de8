import { readFileSync, writeFileSync } from 'node:fs'
import { type MeasuredRow, parityDocument } from './document.ts'
import { parityRows } from './rows.ts'

/** `npm run parity`: measures every row; with `--write` puts them into docs/parity.md, else says whether that file still holds. */
const documentFile = new URL('../../../../docs/parity.md', import.meta.url)

const rows: MeasuredRow[] = []
for (const row of parityRows()) {
  const measured = await row.measure()
  rows.push({ ...row, measured })
  const verdict = measured <= row.limit ? 'ok' : 'TOO FAR'
  process.stdout.write(`${row.group}, ${row.subject}: ${measured} of ${row.limit} ${verdict}\n`)
}
const text = parityDocument(rows)
if (process.argv.includes('--write')) {
  writeFileSync(documentFile, text)
} else if (readFileSync(documentFile, 'utf8') !== text) {
  process.stdout.write('docs/parity.md says otherwise: npm run parity -- --write brings it up to date\n')
  process.exitCode = 1
}
if (!rows.every(({ measured, limit }) => measured <= limit)) process.exitCode = 1
