import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../services/cli/src/interrupt.ts'
import { putEarlierTree } from './earlier-tree.ts'
import { roll } from './rolling.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    clients: { type: 'string', default: '3' },
  },
})
const ref = positionals[0] ?? 'HEAD~1'
const newTree = fileURLToPath(new URL('../..', import.meta.url))
const oldTree = await mkdtemp(join(tmpdir(), 'pentimento-earlier-'))
try {
  const commit = await putEarlierTree(newTree, ref, oldTree)
  console.log(`an update from ${commit.slice(0, 10)} to this tree`)
  const result = await roll({
    oldTree,
    newTree,
    seconds: Number(values.seconds),
    clients: Number(values.clients),
    signal: untilInterrupted(),
    onNote: (line) => console.log(`  ${new Date().toISOString().slice(11, 19)}  ${line}`),
  })
  const list = (map: Map<string, number>) => [...map].map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
  const refused = [...result.answers].filter(([status]) => status !== '200' && status !== '202')
  console.log(`
answers              ${list(result.answers)}
failed requests      ${refused.reduce((sum, [, count]) => sum + count, 0)}
accepted             ${result.accepted}
succeeded            ${result.succeeded}
ended otherwise      ${list(result.failed)}
lost                 ${result.lost.length} ${result.lost.join(' ')}
doubled results      ${result.doubled.length} ${result.doubled.join(' ')}
webhooks missing     ${result.webhooksMissing.length} ${result.webhooksMissing.join(' ')}`)
  const wrong = [refused, result.lost, result.doubled, result.webhooksMissing, [...result.failed]]
  process.exitCode = wrong.every((some) => some.length === 0) ? 0 : 1
} finally {
  await rm(oldTree, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}
