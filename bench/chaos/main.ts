import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../services/cli/src/interrupt.ts'
import { runChaos } from './chaos.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    lock: { type: 'string', default: '10' },
    stalled: { type: 'string', default: '5' },
    clients: { type: 'string', default: '3' },
    slots: { type: 'string', default: '1' },
  },
})

const result = await runChaos({
  minutes: Number(values.minutes),
  lockSeconds: Number(values.lock),
  stalledSeconds: Number(values.stalled),
  clients: Number(values.clients),
  slots: Number(values.slots),
  signal: untilInterrupted(),
  onNote: (line) => console.log(`  ${new Date().toISOString().slice(11, 19)}  ${line}`),
})
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
interrupted jobs     ${result.interrupted}, of which never resumed ${result.stuck.length}
longest recovery     ${(result.longestRecoveryMs / 1000).toFixed(1)} s`)
process.exitCode =
  result.lost.length + result.doubled.length + result.webhooksMissing.length + result.stuck.length === 0 ? 0 : 1
