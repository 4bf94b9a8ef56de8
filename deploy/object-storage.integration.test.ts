import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { download, form, runJob } from '../packages/cli/src/client.ts'
import { type Stack, startStack } from '../packages/cli/src/stack.ts'
import { stackConfig } from '../packages/cli/src/testing/stack-config.ts'
import type { Job } from '../packages/contracts/src/index.ts'
import { type Arrival, type Fault, type S3Server, startS3Server } from '../packages/storage/src/testing/index.ts'

const sketch = fileURLToPath(new URL('../assets/samples/strawberry-sketch.png', import.meta.url))

let dir: string
let s3: S3Server
let onFiles: Stack
let onS3: Stack

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-stores-'))
  s3 = await startS3Server()
  const options = { logLevel: 'fatal', signal: AbortSignal.timeout(60_000) }
  const { accessKeyId, secretAccessKey } = s3.options
  onFiles = await startStack(await stackConfig(join(dir, 'files')), options)
  onS3 = await startStack(
    await stackConfig(join(dir, 's3'), {
      STORAGE_URL: `s3://${s3.bucket}/deployment`,
      S3_ENDPOINT: s3.endpoint,
      S3_PUBLIC_ENDPOINT: s3.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }),
    options,
  )
}, 90_000)

afterEach(() => {
  s3.fault = null
})

afterAll(async () => {
  await Promise.all([onFiles?.stop(), onS3?.stop()])
  await s3?.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}, 90_000)

async function paint(stack: Stack, fields: Record<string, string | number> = {}): Promise<Job> {
  const request = { prompt: 'a strawberry', width: 64, height: 64, steps: 4, seed: 7, num_images: 2, ...fields }
  return runJob(stack.url, '/v1/img2img', await form(request, { image: sketch }), AbortSignal.timeout(90_000))
}

async function pictures(job: Job): Promise<Uint8Array[]> {
  return Promise.all(job.images.map(({ url }) => download(url, AbortSignal.timeout(30_000))))
}

/** Every picture of a finished job, whole. */
async function expectWhole(job: Job): Promise<void> {
  expect(job).toMatchObject({ status: 'succeeded', error: null })
  const hashes = (await pictures(job)).map((bytes) => createHash('sha256').update(bytes).digest('hex'))
  expect(hashes).toEqual(job.images.map(({ sha256 }) => sha256))
}

/** Lets `fault` happen to the requests for objects of jobs, not to those of readiness probes. */
function faultJobs(fault: (arrival: Arrival, number: number) => Fault | undefined): void {
  let number = 0
  s3.fault = (arrival) => (arrival.key.includes('/tenants/') ? fault(arrival, ++number) : undefined)
}

describe('files and S3', () => {
  it('end with the same pictures', async () => {
    const [files, objects] = [await paint(onFiles), await paint(onS3)]
    expect(objects.images.map(({ sha256 }) => sha256)).toEqual(files.images.map(({ sha256 }) => sha256))
    expect(await pictures(objects)).toEqual(await pictures(files))
    const kept = [...s3.objects.keys()].filter((key) => key.includes(objects.id))
    const folder = `deployment/tenants/default/jobs/${objects.id}`
    expect(kept.sort()).toEqual([
      `${folder}/attempts/1/0.png`,
      `${folder}/attempts/1/1.png`,
      expect.stringMatching(`^${folder}/inputs/`),
    ])
  })

  it('deliver parts', async () => {
    for (const stack of [onFiles, onS3]) {
      const job = await paint(stack)
      const [whole] = await pictures(job)
      const response = await fetch(job.images[0]?.url ?? '', { headers: { range: 'bytes=10-19' } })
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes 10-19/${whole?.length}`)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(whole?.slice(10, 20))
    }
  })

  it('are redirected to where there is a signed URL', async () => {
    for (const stack of [onFiles, onS3]) {
      const job = await paint(stack)
      const response = await fetch(`${job.images[0]?.url}?redirect=1`, { redirect: 'manual' })
      expect(response.status).toBe(stack === onS3 ? 302 : 200)
      const direct = stack === onS3 ? await fetch(response.headers.get('location') ?? '') : response
      expect(direct.headers.get('content-type')).toBe('image/png')
      expect(new Uint8Array(await direct.arrayBuffer())).toEqual((await pictures(job))[0])
    }
  })

  it('keep nothing of a deleted job', async () => {
    const job = await paint(onS3)
    expect((await fetch(job.urls.self, { method: 'DELETE' })).status).toBe(204)
    await expect.poll(() => [...s3.objects.keys()].filter((key) => key.includes(job.id))).toEqual([])
  })
})

describe('a storage that fails', () => {
  const faults: Fault[] = [
    { kind: 'reset' },
    { kind: 'lost' },
    { kind: 'cut' },
    { kind: 'slow', ms: 700 },
    { kind: 'status', status: 503, code: 'SlowDown' },
  ]
  // Uploading the input, reading it, and writing each of two results.
  const calls = [1, 2, 3, 4]

  it.each(calls.flatMap((call) => faults.map((fault) => ({ call, fault }))))(
    'once, at a call of a job, costs nothing: $call $fault.kind',
    async ({ call, fault }) => {
      faultJobs((_, number) => (number === call ? fault : undefined))
      await expectWhole(await paint(onS3))
    },
  )

  it('for some seconds in the middle of a job costs time alone', async () => {
    let since = 0
    faultJobs(({ method, key }) => {
      if (method === 'PUT' && key.includes('/attempts/')) since ||= Date.now()
      return since !== 0 && Date.now() - since < 2_500 ? { kind: 'reset' } : undefined
    })
    await expectWhole(await paint(onS3))
    expect(Date.now() - since).toBeGreaterThan(2_500)
  })

  it('for long ends the job with storage_unavailable, and the next one succeeds', async () => {
    faultJobs(({ method, key }) => (method === 'PUT' && key.includes('/attempts/') ? { kind: 'cut' } : undefined))
    const job = await paint(onS3)
    expect(job).toMatchObject({ status: 'failed', error: { code: 'storage_unavailable', retryable: true }, images: [] })
    s3.fault = null
    expect([...s3.objects.keys()].filter((key) => key.includes(`${job.id}/attempts/`))).toEqual([])
    await expectWhole(await paint(onS3))
  })

  it('while a job is submitted refuses it, with nothing lost', async () => {
    await s3.stop()
    const request = await form({ prompt: '', width: 64, height: 64, steps: 1 }, { image: sketch })
    const response = await fetch(`${onS3.url}/v1/img2img`, { method: 'POST', body: request })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'storage_unavailable' })
    await s3.start()
    await expectWhole(await paint(onS3))
  })

  it('in the middle of a picture breaks the transfer off', async () => {
    const job = await paint(onS3)
    faultJobs(({ method }) => (method === 'GET' ? { kind: 'cut' } : undefined))
    const transfer = fetch(job.images[0]?.url ?? '').then((response) => response.arrayBuffer())
    await expect(transfer).rejects.toThrow()
    s3.fault = null
    await expectWhole(job)
  })
})
