import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { attacks } from './attacks.ts'
import { beNeighbour, type Figures } from './neighbour.ts'
import { heading, line } from './report.ts'
import { startService, type Target } from './service.ts'

const usage = `npm run bench:attacks -- [--only NAME,…] [--three] [--seconds 15] [--checkout DIR]
npm run bench:attacks -- --url URL --pid PID --attacker KEY --neighbour KEY [--only …]
  --three     three attacks at once, each with the two after it
  --checkout  the checkout whose api is started, with its dependencies installed (this one)
  --url       a service that runs already, with keys of two tenants; --pid: its api's, for its memory
attacks: ${attacks.map(({ name }) => name).join(', ')}`

const warmMs = 4000

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    three: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '15' },
    checkout: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    url: { type: 'string' },
    pid: { type: 'string', default: '0' },
    attacker: { type: 'string', default: '' },
    neighbour: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})

/** Names of the attacks that run together, one list after another. */
function rounds(): string[][] {
  const all = attacks.map(({ name }) => name)
  const names = values.only?.split(',') ?? all
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`no attack is called ${unknown.join(' or ')}\n${usage}`)
  if (!values.three) return names.map((name) => [name])
  return names.map((_, i) => [0, 1, 2].map((k) => names[(i + k) % names.length] ?? ''))
}

async function attack(names: string[], target: Target): Promise<Figures> {
  const seconds = Number(values.seconds)
  const args = [names.join(','), target.url, target.attacker, String(seconds)]
  const attacker = fork(fileURLToPath(new URL('attacker.ts', import.meta.url)), args, {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
  })
  const ended = new AbortController()
  const late = setTimeout(() => attacker.kill('SIGKILL'), (seconds + 15) * 1000)
  void once(attacker, 'exit').then(() => ended.abort())
  const figures = await beNeighbour(target, ended.signal)
  clearTimeout(late)
  return figures
}

async function main(): Promise<void> {
  if (values.help) return console.log(usage)
  console.log(heading)
  for (const names of rounds()) {
    const service = values.url ? null : await startService(values.checkout)
    const { url = '', attacker, neighbour } = values
    const target = service ?? { url, attacker, neighbour, pid: Number(values.pid) }
    try {
      // One that has just begun has its code still to compile, and this is about one that serves.
      if (service) await beNeighbour(target, AbortSignal.timeout(warmMs))
      const figures = await attack(names, target)
      console.log(line(names, figures))
    } finally {
      await service?.stop()
    }
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(1)
  },
)
