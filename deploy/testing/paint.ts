import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Job } from '../../packages/contracts/src/index.ts'
import { download, form, runJob } from '../../services/cli/src/client.ts'

export const sketch = sample('strawberry-sketch.png')
const mask = sample('apple-mask.png')

const small = { prompt: 'a strawberry', width: 64, height: 64, steps: 4, seed: 7, num_images: 2 }

function sample(name: string): string {
  return fileURLToPath(new URL(`../../assets/samples/${name}`, import.meta.url))
}

/** Runs a small job with two pictures on the deployment at `url`, to its end. Throws when it is refused. */
export async function paint(url: string): Promise<Job> {
  return runJob(url, '/v1/img2img', await form(small, { image: sketch }), AbortSignal.timeout(90_000))
}

/** Repaints a part of picture 0 of `source`: a job that makes every call to the storage that there is. */
export async function repaint(url: string, source: Job): Promise<Job> {
  const fields = { ...small, image_job: source.id }
  return runJob(url, '/v1/inpaint', await form(fields, { mask }), AbortSignal.timeout(90_000))
}

/** The bytes of all pictures of a job. */
export async function pictures(job: Job): Promise<Uint8Array[]> {
  return Promise.all(job.images.map(({ url }) => download(url, AbortSignal.timeout(30_000))))
}

/** The job has succeeded, and each of its pictures comes whole. */
export async function expectWhole(job: Job): Promise<void> {
  expect(job).toMatchObject({ status: 'succeeded', error: null })
  const hashes = (await pictures(job)).map((bytes) => createHash('sha256').update(bytes).digest('hex'))
  expect(hashes).toEqual(job.images.map(({ sha256 }) => sha256))
}
