import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../services/cli/src/interrupt.ts'
import { runChaos } from './chaos.ts'
import { isKept, report } from './report.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    jobs: { type: 'string' },
    lock: { type: 'string', default: '10' },
    stalled: { type: 'string', default: '2' },
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
console.log(report(result))
process.exitCode = isKept(result) ? 0 : 1
