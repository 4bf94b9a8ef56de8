// Throughput and latency of one worker with many jobs in flight, of mixed settings, beside what its device could do at
// best:   npm run bench:engine -- --device fake [--in-flight 16] [--slots 16] [--jobs 96] [--burst 50] [--json]
// CUDA_BENCH_SLOWNESS=5 npm run bench:engine: a device five times as slow, for machines whose cores are busy otherwise
// npm run bench:engine -- --device cuda --model MODEL.safetensors
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { quantile } from '../quantile.ts'
import { boundMs } from './bound.ts'
import { slowness } from './gpu-times.ts'
import { openLone } from './lone.ts'
import { burst, keepInFlight, one } from './phases.ts'
import { share } from './report.ts'
import { writeSparseCheckpoint } from './sparse-checkpoint.ts'
import { startWorker } from './worker.ts'

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'fake' },
    model: { type: 'string' },
    'in-flight': { type: 'string', default: '16' },
    slots: { type: 'string' },
    jobs: { type: 'string', default: '96' },
    burst: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
})
const inFlight = Number(values['in-flight'])
const isFake = values.device === 'fake'
if (!isFake && values.model === undefined) throw new Error('say which model runs on it: --model FILE')

const dir = await mkdtemp(join(tmpdir(), 'pentimento-engine-'))
const model = values.model ?? join(dir, 'sd15.safetensors')
if (isFake && values.model === undefined) await writeSparseCheckpoint(model)
const slots = Number(values.slots ?? inFlight)
const worker = await startWorker({ dir, model, device: values.device, slots })
try {
  const paintAlone = isFake ? await openLone(model) : null
  const lone: number[] = []
  const without: number[] = []
  // By turns, so that a busy moment meets both alike; the first of each is not counted.
  for (let i = 0; i < 12; i++) {
    lone.push(await one(worker))
    without.push((await paintAlone?.()) ?? Number.NaN)
  }
  const loneMs = quantile(lone.slice(1), 0.5)
  const alone = isFake ? quantile(without.slice(1), 0.5) : null
  const steady = await keepInFlight(worker, inFlight, Number(values.jobs))
  const crowd = await burst(worker, Number(values.burst))
  const bound = boundMs(steady.jobs)
  const crowdBound = boundMs(crowd.jobs)
  const figures = {
    bound_ratio: isFake ? bound / steady.wallMs : null,
    lone_ratio: alone === null ? null : loneMs / alone,
    p99_over_fair: isFake ? quantile(crowd.latencies, 0.99) / crowdBound : null,
    idle_with_work: steady.idleMs / steady.wallMs,
    busy: steady.busyMs / steady.wallMs,
    rows_per_call: steady.rowsPerCall,
    pictures_per_second: (steady.jobs.length / steady.wallMs) * 1000,
    p50_ms: quantile(steady.latencies, 0.5),
    p99_ms: quantile(steady.latencies, 0.99),
    lone_ms: loneMs,
    lone_without_batching_ms: alone,
    burst_p99_ms: quantile(crowd.latencies, 0.99),
    in_flight: inFlight,
    slots,
    slowness,
  }
  console.log(`${values.device}, ${inFlight} in flight, ${slots} slots${slowness === 1 ? '' : `, ${slowness} times as slow`}
pictures            ${figures.pictures_per_second.toFixed(2)} a second, ${share(figures.bound_ratio)} of the bound
device              busy ${share(figures.busy)}, idle with work waiting ${share(figures.idle_with_work)}, ${figures.rows_per_call.toFixed(1)} rows a call
a job               p50 ${figures.p50_ms.toFixed(0)} ms, p99 ${figures.p99_ms.toFixed(0)} ms
a lone job          ${figures.lone_ms.toFixed(0)} ms, ${figures.lone_ratio?.toFixed(3) ?? '–'} times that without batching
a burst of ${values.burst}         p99 ${figures.burst_p99_ms.toFixed(0)} ms, ${figures.p99_over_fair?.toFixed(2) ?? '–'} times the fair share`)
  if (values.json) console.log(JSON.stringify(figures))
} finally {
  await worker.stop()
  await rm(dir, { recursive: true, force: true })
}
