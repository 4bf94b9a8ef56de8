import { readFileSync, writeFileSync } from 'node:fs'
import { licensed } from './licences.ts'
import { lockedPackages } from './lockfile.ts'
import { licencesPage } from './page.ts'

/** `npm run licences`: says whether docs/licences.md holds; with `--write` makes it anew. */
const root = new URL('../../', import.meta.url)
const page = new URL('docs/licences.md', root)
const text = licencesPage(licensed(lockedPackages(root), root))
if (process.argv.includes('--write')) {
  writeFileSync(page, text)
} else if (readFileSync(page, 'utf8') !== text) {
  process.stdout.write('docs/licences.md says otherwise: npm run licences -- --write brings it up to date\n')
  process.exitCode = 1
}
