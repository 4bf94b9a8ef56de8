// The service under load: node tools/gpu/service.ts URL MODEL [SIDE] [JOBS] [IN_FLIGHT] [IMAGES] [STEPS]. Prints one
// line of the table.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const [url, model, ...numbers] = process.argv.slice(2)
const [side = 512, jobs = 40, inFlight = 8, images = 1, steps = 25] = numbers.map(Number)
const photo = readFileSync(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))
const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN

interface Job {
  id: string
  status: string
  error: unknown
  metrics: Record<string, number>
}

/** Submits one job and waits for its end; resolves to where its time went, and what a client saw of it. */
async function paint(seed: number): Promise<Record<string, number>> {
  const form = new FormData()
  const fields = {
    prompt: `a photo of cat ${seed}`,
    model,
    width: side,
    height: side,
    steps,
    strength: 1,
    num_images: images,
    seed,
  }
  for (const [name, value] of Object.entries({ ...fields, sampler: 'dpmpp_2m' })) form.append(name, String(value))
  form.append('image', new Blob([photo], { type: 'image/png' }), 'photo.png')
  const started = performance.now()
  const answer = await fetch(`${url}/v1/img2img`, { method: 'POST', body: form })
  let job = (await answer.json()) as Job
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(job)}`)
  while (job.status === 'queued' || job.status === 'processing')
    job = (await (await fetch(`${url}/v1/jobs/${job.id}?wait=30`)).json()) as Job
  if (job.status !== 'succeeded') throw new Error(`${job.status}: ${JSON.stringify(job.error)}`)
  return { ...job.metrics, seen_ms: performance.now() - started }
}

/** Collects the GPU's busy share, in percent, until it is stopped. */
function watchGpu() {
  const samples: number[] = []
  const args = ['--query-gpu=utilization.gpu', '--format=csv,noheader,nounits', '--loop-ms=250']
  const smi = spawn('nvidia-smi', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  smi.on('error', () => console.log('no nvidia-smi: the busy share is not measured'))
  smi.stdout.on('data', (chunk: Buffer) => samples.push(...String(chunk).trim().split('\n').map(Number)))
  return () => {
    smi.kill()
    return samples
  }
}

// The first of a shape pays for the search of algorithms.
console.log(`first job: ${((await paint(0)).seen_ms ?? 0).toFixed(0)} ms`)
await Promise.all(Array.from({ length: inFlight }, (_, i) => paint(i + 1)))
const stopWatching = watchGpu()
const all: Record<string, number>[] = []
let next = inFlight + 1
const started = performance.now()
await Promise.all(
  Array.from({ length: inFlight }, async () => {
    while (next <= inFlight + jobs) all.push(await paint(next++))
  }),
)
const seconds = (performance.now() - started) / 1000
const busy = stopWatching()
const mean = busy.reduce((sum, one) => sum + one, 0) / busy.length
const range = busy.length === 0 ? 'unknown' : `${mean.toFixed(0)} % (${Math.min(...busy)} to ${Math.max(...busy)})`
const parts = ['queue_ms', 'encode_ms', 'denoise_ms', 'decode_ms', 'upload_ms', 'seen_ms']
const told = parts.map((part) => `${part} ${median(all.map((one) => one[part] ?? Number.NaN)).toFixed(0)}`).join(', ')
console.log(
  `${model} ${side}×${side}, ${steps} steps, ${images} a job, ${inFlight} in flight: ${(all.length / seconds).toFixed(2)} jobs/s, ` +
    `${((all.length * images) / seconds).toFixed(2)} pictures/s; medians: ${told}; GPU busy ${range}`,
)
