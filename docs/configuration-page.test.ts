import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { variablesOf } from '../packages/contracts/src/index.ts'
import { blocks as apiBlocks } from '../services/api/src/config.ts'
import { blocks as cliBlocks } from '../services/cli/src/config.ts'
import { blocks as workerBlocks } from '../services/worker/src/config.ts'

const page = readFileSync(new URL('./configuration.md', import.meta.url), 'utf8')

/** Variables of the table below a heading. */
function explained(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`[A-Z0-9_`, ]+) \|/gm)].flatMap(([, cell = '']) => cell.match(/[A-Z0-9_]+/g) ?? [])
}

const [api, worker, cli] = [apiBlocks, workerBlocks, cliBlocks].map(variablesOf) as [string[], string[], string[]]

describe('docs/configuration.md explains every variable', () => {
  const [everywhere, ofApi, ofWorker, ofCommands] = [
    explained('Everywhere'),
    explained('Api'),
    explained('Worker'),
    explained('Commands'),
  ] as const

  it('of the api', () => {
    expect([...everywhere, ...ofApi].sort()).toEqual([...api].sort())
  })

  it('of the worker', () => {
    // Read by the engine's C library, and by nobody of ours.
    expect([...everywhere, ...ofWorker].sort()).toEqual([...worker, 'GLIBC_TUNABLES'].sort())
  })

  it('of the commands', () => {
    const own = cli.filter((name) => ![...everywhere, ...ofWorker].includes(name))
    // Read by scripts/bootstrap.mjs, before any program runs.
    expect([...ofCommands].sort()).toEqual([...own, 'GPU', 'PENTIMENTO_CACHE'].sort())
  })
})
