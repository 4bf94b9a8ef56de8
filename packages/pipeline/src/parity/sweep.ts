// Paints again what tools/reference/sweep.py had diffusers paint on models of its own making: node … sweep.ts FOLDER.
// Prints the cases that differ, and exits with 1 if there are any.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { caseModels } from './case-models.ts'
import { pipelineCasesOf } from './pipeline-cases.ts'

const [folder] = process.argv.slice(2)
const content = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'))
const models = caseModels()
const cases = pipelineCasesOf(content, { semantics: 'diffusers' }, models, (name) => join(folder, 'models', name))
let differing = 0
for (const one of cases.cases) {
  const { images: _, ...described } = one
  const result = await cases.run(one).then(
    ({ largest, beyondOne }) => (largest <= 3 && beyondOne <= 1e-3 ? null : `${largest} of 255, ${beyondOne} beyond 1`),
    (error: Error) => error.message,
  )
  if (result === null) continue
  differing++
  process.stdout.write(`${result}: ${JSON.stringify(described)}\n`)
}
await models.release()
process.stdout.write(`${cases.cases.length - differing} of ${cases.cases.length} pictures agree\n`)
process.exitCode = differing === 0 ? 0 : 1
