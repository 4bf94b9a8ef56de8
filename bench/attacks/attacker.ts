// A process of its own for the attacks, so that what they cost their sender does not show in the figures of the
// neighbour.
import { attacks } from './attacks.ts'

const [names = '', url = '', token = '', seconds = ''] = process.argv.slice(2)
const ending = new AbortController()
// A timer that keeps the process alive also when every connection has been cut.
setTimeout(() => ending.abort(), Number(seconds) * 1000)
const until = ending.signal
const chosen = attacks.filter(({ name }) => names.split(',').includes(name))
await Promise.all(
  chosen.map(async (attack) => {
    await attack.run({ url, token, until }).catch((error: unknown) => {
      if (!until.aborted) console.error(`${attack.name}: ${error instanceof Error ? error.stack : String(error)}`)
    })
  }),
)
process.exit(0)
