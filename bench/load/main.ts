import { parseArgs } from 'node:util'
import { quantile } from '../quantile.ts'
import { startBenchCluster } from './cluster.ts'
import { openConnections } from './connections.ts'
import { arrive, type Load, measureCapacity } from './phases.ts'
import { measureReaders } from './readers.ts'
import { acceptMs, answersOf, countsOf, lost, memoryLine, sharesOf, strange } from './report.ts'
import { photoForm } from './submit.ts'
import { growth, watchMemory } from './watch-memory.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    workers: { type: 'string', default: '2' },
    readers: { type: 'string' },
  },
})
const minutes = Number(values.minutes ?? 10)
const CONNECTIONS = 200
const TENANTS = 20
const STEPS = 10
/** So soon that records, files and memory reach their level within the run. */
const EXPIRES_IN = 60
/** Below these the level of expired records is not reached, and a 99th percentile is one request. */
const MEMORY_MINUTES = 4
const RATIO_MINUTES = 1
const MAX_GROWTH = 0.1
const MAX_RATIO = 10

const cluster = await startBenchCluster({
  workers: Number(values.workers),
  tenants: TENANTS,
  maxQueued: 20,
  maxQueueDepth: 300,
})
const connections = openConnections(CONNECTIONS)
try {
  // Readers by themselves, unless both are asked for.
  if (values.readers === undefined || values.minutes !== undefined) await bench()
  if (values.readers !== undefined) await measureReaders(cluster, Number(values.readers))
} finally {
  connections.close()
  await cluster.stop()
}

async function bench(): Promise<void> {
  const form = await photoForm(256, { steps: STEPS, expires_in: EXPIRES_IN })
  const load: Load = { cluster, connections, form }
  const failures: string[] = []
  const check = (holds: boolean, what: string) => holds || failures.push(what)
  console.log(
    `${values.workers} workers whose engines sleep 10 ms a step, ${STEPS} steps a job, 256 × 256 pixels, ${form.body.length} bytes a form`,
  )

  const idle = await arrive(load, 1, clamp(minutes * 12, 3, 60))
  console.log(
    `1 request/s      ${answersOf(idle)}; accepted in p50 ${ms(acceptMs(idle, 0.5))}, p99 ${ms(acceptMs(idle, 0.99))}`,
  )

  const { perSecond: capacity, etaRatios } = await measureCapacity(load, clamp(minutes * 6, 3, 30))
  console.log(`capacity         ${capacity.toFixed(1)} jobs/s`)
  const near = etaRatios.filter((ratio) => ratio >= 0.5 && ratio <= 2).length / etaRatios.length
  console.log(
    `eta_seconds      ${quantile(etaRatios, 0.5).toFixed(2)} × the true time (median of ${etaRatios.length}); within a factor of 2 for ${(near * 100).toFixed(1)} %`,
  )

  const memory = watchMemory(cluster, clamp(minutes * 500, 500, 5000))
  const steady = await arrive(load, capacity * 0.3, minutes * 60)
  const samples = memory.stop()
  const ratio = acceptMs(steady, 0.99) / acceptMs(idle, 0.5)
  console.log(
    `30 %, ${minutes} min     ${answersOf(steady)}; jobs ${countsOf(steady.ended.map(({ status }) => status))}`,
  )
  console.log(
    `                 accepted in p50 ${ms(acceptMs(steady, 0.5))}, p99 ${ms(acceptMs(steady, 0.99))}: ${ratio.toFixed(1)} × p50 at 1 request/s (at most ${MAX_RATIO})`,
  )
  for (const [name, of] of [
    ['api', 'apiBytes'],
    ['redis', 'redisBytes'],
  ] as const) {
    console.log(
      `  ${name.padEnd(14)} ${memoryLine(samples, of)}${minutes < MEMORY_MINUTES ? ' (too short to judge)' : ''}`,
    )
    check(minutes < MEMORY_MINUTES || growth(samples, of) <= MAX_GROWTH, `the memory of ${name} is not flat`)
  }
  check(minutes < RATIO_MINUTES || ratio <= MAX_RATIO, 'accepting is too slow at 30 %')

  const over = await arrive(load, capacity * 1.5, minutes * 12)
  console.log(
    `150 %, ${minutes / 5} min    ${answersOf(over)}; jobs ${countsOf(over.ended.map(({ status }) => status))}`,
  )
  console.log(`                 accepted in p50 ${ms(acceptMs(over, 0.5))}, p99 ${ms(acceptMs(over, 0.99))}`)
  for (const line of sharesOf(over, cluster.tenants)) console.log(`  ${line}`)

  for (const [name, phase] of Object.entries({ '1 request/s': idle, '30 %': steady, '150 %': over })) {
    check(strange(phase) === 0, `${name}: ${strange(phase)} answers that are none of 202, 429 and 503`)
    check(lost(phase) === 0, `${name}: ${lost(phase)} accepted jobs did not succeed`)
  }
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  if (failures.length === 0) console.log('nothing lost; every answer was 202, 429 or 503')
  if (failures.length > 0) process.exitCode = 1
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`
}
