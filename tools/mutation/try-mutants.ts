import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createVitest } from 'vitest/node'
import { luaMutantsOf, type Mutant, mutantsOf } from './mutants.ts'
import { targets } from './targets.ts'

/**
 * A child of main.ts: `try-mutants.ts TARGET SOURCE FIRST STRIDE` tries every STRIDE-th mutant of a source from FIRST
 * on, and sends what became of each. The source on disk stays as it is: Vite is given the changed one.
 */
const [name = '', source = '', first = '0', stride = '1'] = process.argv.slice(2)
const target = targets[name]
if (!target) throw new Error(`no target ${name}`)
const path = resolve(source)
const text = readFileSync(path, 'utf8')
const mutants = /\blocal function\b/.test(text) ? luaMutantsOf(text) : mutantsOf(source, text)
let tried: Mutant | null = null

const conditions = ['source', 'node', 'import']
const vitest = await createVitest(
  'test',
  {
    config: false,
    watch: false,
    include: target.tests.map(({ file }) => file),
    globalSetup: target.needsRedis ? ['test/redis-setup.ts'] : [],
    bail: 1,
    // The changed sources must not be kept, nor those kept before be taken in their place.
    fsModuleCache: false,
    testTimeout: 60_000,
    reporters: [{}],
    pool: 'threads',
    maxWorkers: 1,
  },
  {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    plugins: [{ name: 'mutant', enforce: 'pre', transform: (_, id) => (tried && id === path ? tried.text : null) }],
  },
)

process.on('disconnect', () => process.exit(1))

/** Whether all tests pass. */
async function passes(): Promise<boolean> {
  for (const { file, names } of target?.tests ?? []) {
    if (names === undefined) vitest.resetGlobalTestNamePattern()
    else vitest.setGlobalTestNamePattern(names)
    const specifications = vitest.projects.map((project) => project.createSpecification(resolve(file)))
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
    if (unhandledErrors.length > 0 || !testModules.every((module) => module.ok())) return false
    const ran = testModules.flatMap((module) => [...module.children.allTests('passed')])
    if (ran.length === 0) throw new Error(`${file} has no test ${names ?? ''}`)
  }
  return true
}

if (Number(first) < Number(stride)) {
  if (!(await passes())) throw new Error(`the tests of ${name} fail as it is`)
  process.send?.('passed as it is')
}
for (let i = Number(first); i < mutants.length; i += Number(stride)) {
  tried = mutants[i] ?? null
  vitest.invalidateFile(path)
  const survived = await passes()
  process.send?.({
    index: i,
    of: mutants.length,
    survived,
    line: tried?.line,
    was: tried?.was,
    becomes: tried?.becomes,
  })
}
await vitest.close()
process.exit(0)
