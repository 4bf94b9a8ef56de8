import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job } from '@pentimento/contracts'
import { freePort } from '@pentimento/free-port'
import { download, form, runJob } from './client.ts'
import { type CliConfig, loadConfig } from './config.ts'
import { untilInterrupted } from './interrupt.ts'
import { startStack } from './stack.ts'

const samples = fileURLToPath(new URL('../../../assets/samples', import.meta.url))

interface Example {
  name: string
  route: string
  fields: Record<string, string | number>
  files: Record<string, string>
}

/** Seeds are fixed, so that every run paints the same pictures. */
const examples: Example[] = [
  {
    name: 'lemon',
    route: '/v1/txt2img',
    fields: { prompt: 'a photo of a yellow lemon on a white background', seed: 3 },
    files: {},
  },
  {
    name: 'strawberry',
    route: '/v1/img2img',
    fields: { prompt: 'a photo of a red strawberry on a white background', strength: 0.75, num_images: 2, seed: 7 },
    files: { image: join(samples, 'strawberry-sketch.png') },
  },
  {
    name: 'inpaint',
    route: '/v1/inpaint',
    fields: { prompt: 'a photo of a yellow lemon on a white background', strength: 1, mask_blur: 4, seed: 1 },
    files: { image: join(samples, 'apple-photo.png'), mask: join(samples, 'apple-mask.png') },
  },
]

/**
 * `npm run demo`: starts a stack of its own, sends the samples through HTTP, writes the results into ./demo, stops
 * everything.
 */
export async function demo(config: CliConfig): Promise<number> {
  const signal = untilInterrupted()
  const dataDir = await mkdtemp(join(tmpdir(), 'pentimento-demo-'))
  try {
    console.log('Starting Redis, worker and api …')
    // Its results are fetched from here, whatever address others know the service by.
    const own = { PUBLIC_URL: '', DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(await freePort()) }
    const stack = await startStack(loadConfig({ ...config.env, ...own }), { logLevel: 'error', signal })
    try {
      await paintExamples(stack.url, signal)
      return 0
    } finally {
      await stack.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Sends the samples to the service at `url` and writes the results into ./demo. */
export async function paintExamples(url: string, signal: AbortSignal): Promise<void> {
  const folder = resolve('demo')
  await mkdir(folder, { recursive: true })
  const rows: string[][] = []
  for (const example of examples) {
    console.log(`Painting ${example.name}: ${example.fields.prompt} …`)
    const job = await runJob(url, example.route, await form(example.fields, example.files), signal)
    rows.push(await keep(job, example.name, folder, signal))
    if (job.status !== 'succeeded') throw new Error(`the job ${job.id} ended ${job.status}: ${job.error?.message}`)
  }
  console.log(
    `\n${table([['id', 'status', 'model', 'seeds', 'steps', 'queue', 'paint', 'total', 'files'], ...rows])}\n`,
  )
}

/** Writes a job's pictures and returns its row of the table. */
async function keep(job: Job, name: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const files: string[] = []
  for (const image of job.images) {
    const file = join(folder, `${name}-${image.index}.png`)
    await writeFile(file, await download(image.url, signal))
    files.push(file.replace(`${resolve()}/`, ''))
  }
  const ms = (value: number | undefined) => (value === undefined ? '–' : `${(value / 1000).toFixed(2)} s`)
  const { metrics } = job
  const seeds = job.images.map((image) => image.seed).join(', ')
  return [
    job.id,
    job.status,
    job.model,
    seeds,
    String(job.steps_run),
    ms(metrics?.queue_ms),
    ms(metrics?.denoise_ms),
    ms(metrics?.total_ms),
    files.join(', '),
  ]
}

function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
