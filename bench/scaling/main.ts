import { readFileSync, writeFileSync } from 'node:fs'
import { plot } from './plot.ts'
import { fillPage, policyTables, redisTable } from './render.ts'
import { simulateAll } from './scenarios.ts'

/**
 * `npm run simulate:scaling`: a day of jobs under each policy, and what one Redis would carry. With `--write` it puts
 * tables and plot into docs/scaling.md, else it says whether that page still holds.
 */
const page = new URL('../../docs/scaling.md', import.meta.url)
const picture = new URL('../../docs/images/scaling.svg', import.meta.url)

const simulated = simulateAll()
const tables = { policies: policyTables(simulated), redis: redisTable() }
console.log(`${tables.policies}\n\n${tables.redis}`)

const [busy] = simulated
if (busy === undefined) throw new Error('nothing was simulated')
const drawn = plot(busy, ['30 s of backlog, or 75 % of the slots', '2 jobs a worker'])
const text = fillPage(readFileSync(page, 'utf8'), tables)
if (process.argv.includes('--write')) {
  writeFileSync(page, text)
  writeFileSync(picture, drawn)
} else if (text !== readFileSync(page, 'utf8') || drawn !== readFileSync(picture, 'utf8')) {
  console.log('docs/scaling.md says otherwise: npm run simulate:scaling -- --write brings it up to date')
  process.exitCode = 1
}
