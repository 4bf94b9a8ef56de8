import { fork } from 'node:child_process'
import { globSync } from 'node:fs'
import { targets } from './targets.ts'

/**
 * `node tools/mutation/main.ts [TARGET …] [--stride N] [--from M] [--only TEXT]` changes each operator, number and
 * condition of the targets' sources, one at a time, and says which changes no test notices. Where the time is short:
 * every N-th change only, beginning with number M (0 to N - 1), and only of sources whose paths hold the text. Needs
 * what the tests need (`npm test`).
 */
const patienceMs = 120_000

const args = process.argv.slice(2)
const option = (name: string): string | undefined => {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args.splice(at, 2)[1]
}
const stride = Number(option('--stride') ?? 1)
const from = Number(option('--from') ?? 0)
const only = option('--only') ?? ''
const isProduct = (path: string) => !/\.(test|testing)\.ts$/.test(path)

interface Told {
  index: number
  survived: boolean
  line: number
  was: string
  becomes: string
}

/**
 * Tries a source's mutants from `first` on.
 *
 * @returns the last one told of when one hangs or ends the process of the tests, or null at the end
 */
function tryFrom(target: string, source: string, first: number, onTold: (told: Told) => void): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('try-mutants.ts', import.meta.url), [target, source, String(first), String(stride)], {
      execArgv: ['--conditions=source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let last = first - stride
    let passed = first >= stride
    const hang = () => child.kill('SIGKILL')
    let timer = setTimeout(hang, patienceMs)
    child.on('message', (told: Told | 'passed as it is') => {
      clearTimeout(timer)
      timer = setTimeout(hang, patienceMs)
      passed = true
      if (typeof told === 'string') return
      last = told.index
      onTold(told)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(null)
      else if (passed) resolve(last)
      else reject(new Error(`${source}: the tests could not be run`))
    })
  })
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const total = { tried: 0, survived: 0 }
for (const name of args.length > 0 ? args : Object.keys(targets)) {
  const here = { tried: 0, survived: 0 }
  for (const source of (targets[name]?.sources ?? [])
    .flatMap((pattern) => globSync(pattern))
    .filter((path) => isProduct(path) && path.includes(only))
    .sort()) {
    const onTold = ({ line, was, becomes, survived }: Told): void => {
      here.tried++
      if (!survived) return
      here.survived++
      say(`${source}:${line}: ${was.replaceAll('\n', ' ')} → ${becomes}`)
    }
    let first: number | null = from
    while (first !== null) {
      const last: number | null = await tryFrom(name, source, first, onTold)
      // A change that makes the tests hang or ends their process is noticed.
      if (last !== null) here.tried++
      first = last === null ? null : last + 2 * stride
    }
  }
  say(`${name}: ${here.tried - here.survived} of ${here.tried} noticed`)
  total.tried += here.tried
  total.survived += here.survived
}
say(`all: ${total.tried - total.survived} of ${total.tried} noticed`)
