import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../services/cli/src/interrupt.ts'
import { quantile } from '../quantile.ts'
import { runChaos } from './chaos.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    jobs: { type: 'string' },
    lock: { type: 'string', default: '10' },
    stalled: { type: 'string', default: '5' },
    clients: { type: 'string' },
    slots: { type: 'string', default: '1' },
  },
})

const result = await runChaos({
  until: values.jobs === undefined ? { minutes: Number(values.minutes) } : { jobs: Number(values.jobs) },
  lockSeconds: Number(values.lock),
  stalledSeconds: Number(values.stalled),
  clients: Number(values.clients ?? (values.jobs === undefined ? 3 : 8)),
  slots: Number(values.slots),
  signal: untilInterrupted(),
  onNote: (line) => console.log(`  ${new Date().toISOString().slice(11, 19)}  ${line}`),
})
const seconds = (ms = 0) => `${(ms / 1000).toFixed(1)} s`
const { recoveriesMs } = result
const list = (map: Map<string, number>) => [...map].map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
console.log(`
faults               ${list(result.faults)}
answers              ${list(result.answers)}
accepted             ${result.accepted}
succeeded            ${result.succeeded}
ended otherwise      ${list(result.failed)}
lost                 ${result.lost.length} ${result.lost.join(' ')}
doubled results      ${result.doubled.length} ${result.doubled.join(' ')}
webhooks missing     ${result.webhooksMissing.length} ${result.webhooksMissing.join(' ')}
interrupted jobs     ${recoveriesMs.length + result.stuck.length}, of which never resumed ${result.stuck.length}
recovery             p99 ${seconds(quantile(recoveriesMs, 0.99))}, longest ${seconds(recoveriesMs.at(-1))}`)
process.exitCode =
  result.lost.length + result.doubled.length + result.webhooksMissing.length + result.stuck.length === 0 ? 0 : 1
