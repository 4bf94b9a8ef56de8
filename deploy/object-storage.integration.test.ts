import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type S3Server, startS3Server } from '../packages/storage/src/testing/index.ts'
import { demo } from '../services/cli/src/demo.ts'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { stackConfig } from '../services/cli/src/testing/stack-config.ts'
import { paint, pictures } from './testing/paint.ts'
import { s3Settings } from './testing/s3-settings.ts'

let dir: string
let s3: S3Server
let onFiles: Stack
let onS3: Stack

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-stores-'))
  s3 = await startS3Server()
  const options = { logLevel: 'fatal', signal: AbortSignal.timeout(60_000) }
  onFiles = await startStack(await stackConfig(join(dir, 'files')), options)
  onS3 = await startStack(
    await stackConfig(join(dir, 's3'), { ...s3Settings(s3), S3_PUBLIC_ENDPOINT: s3.endpoint }),
    options,
  )
}, 90_000)

afterEach(() => {
  vi.restoreAllMocks()
})

afterAll(async () => {
  await Promise.all([onFiles?.stop(), onS3?.stop()])
  await s3?.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}, 90_000)

/** What the demo, started in a folder of its own, writes there. */
async function demoPictures(name: string, extra: Record<string, string>): Promise<Record<string, Buffer>> {
  const folder = join(dir, name)
  await mkdir(folder)
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  vi.spyOn(console, 'log').mockReturnValue()
  expect(await demo(await stackConfig(join(folder, 'data'), extra))).toBe(0)
  const made = await readdir(join(folder, 'demo'))
  return Object.fromEntries(
    await Promise.all(made.map(async (file) => [file, await readFile(join(folder, 'demo', file))])),
  )
}

describe('files and S3', () => {
  it('end the demo with the same bytes', async () => {
    const files = await demoPictures('demo-on-files', {})
    const results = () => [...s3.objects.keys()].filter((key) => key.includes('/attempts/')).length
    const before = results()
    const objects = await demoPictures('demo-on-s3', s3Settings(s3))
    // Of the uploads those are left whose turn to go had not come when the demo ended.
    expect(results() - before).toBe(4)
    const pictures = ['inpaint-0.png', 'lemon-0.png', 'strawberry-0.png', 'strawberry-1.png']
    expect(Object.keys(objects).sort()).toEqual(pictures)
    expect(objects).toEqual(files)
  })

  it('end with the same pictures', async () => {
    const [files, objects] = [await paint(onFiles.url), await paint(onS3.url)]
    expect(objects.images.map(({ sha256 }) => sha256)).toEqual(files.images.map(({ sha256 }) => sha256))
    expect(await pictures(objects)).toEqual(await pictures(files))
    const kept = () => [...s3.objects.keys()].filter((key) => key.includes(objects.id)).sort()
    const folder = `deployment/tenants/default/jobs/${objects.id}/attempts/1`
    // The inputs go, for the job has ended.
    await vi.waitFor(() => expect(kept()).toEqual([`${folder}/0.png`, `${folder}/1.png`]), 10_000)
  })

  it('deliver parts', async () => {
    for (const stack of [onFiles, onS3]) {
      const job = await paint(stack.url)
      const [whole] = await pictures(job)
      const response = await fetch(job.images[0]?.url ?? '', { headers: { range: 'bytes=10-19' } })
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes 10-19/${whole?.length}`)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(whole?.slice(10, 20))
    }
  })

  it('are redirected to where there is a signed URL', async () => {
    for (const stack of [onFiles, onS3]) {
      const job = await paint(stack.url)
      const response = await fetch(`${job.images[0]?.url}?redirect=1`, { redirect: 'manual' })
      expect(response.status).toBe(stack === onS3 ? 302 : 200)
      const direct = stack === onS3 ? await fetch(response.headers.get('location') ?? '') : response
      expect(direct.headers.get('content-type')).toBe('image/png')
      expect(direct.headers.get('content-disposition')?.replace('; ', ';')).toBe(`inline;filename="${job.id}-0.png"`)
      expect(new Uint8Array(await direct.arrayBuffer())).toEqual((await pictures(job))[0])
    }
  })

  it('keep nothing of a deleted job', async () => {
    const job = await paint(onS3.url)
    expect((await fetch(job.urls.self, { method: 'DELETE' })).status).toBe(204)
    await expect.poll(() => [...s3.objects.keys()].filter((key) => key.includes(job.id))).toEqual([])
  })
})
