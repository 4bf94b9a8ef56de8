import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { demo, paintExamples } from '../services/cli/src/demo.ts'
import { stackConfig } from '../services/cli/src/testing/stack-config.ts'
import { paint, pictures } from './testing/paint.ts'
import { s3Settings } from './testing/s3-settings.ts'
import { storageFaults } from './testing/storage-faults.ts'
import { useStores } from './testing/stores.ts'

const stores = useStores()

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a demo, in a folder of its own, writes there. */
async function demoPictures(name: string, run: (folder: string) => Promise<unknown>): Promise<Record<string, Buffer>> {
  const folder = join(stores.dir, name)
  await mkdir(folder)
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  vi.spyOn(console, 'log').mockReturnValue()
  await run(folder)
  const made = await readdir(join(folder, 'demo'))
  return Object.fromEntries(
    await Promise.all(made.map(async (file) => [file, await readFile(join(folder, 'demo', file))])),
  )
}

describe('files and S3', () => {
  it('end the demo with the same bytes', async () => {
    const signal = AbortSignal.timeout(60_000)
    const files = await demoPictures('demo-on-files', () => paintExamples(stores.onFiles.url, signal))
    const results = () => [...stores.s3.objects.keys()].filter((key) => key.includes('/attempts/')).length
    const before = results()
    const objects = await demoPictures('demo-on-s3', async (folder) => {
      expect(await demo(await stackConfig(join(folder, 'data'), s3Settings(stores.s3)))).toBe(0)
    })
    // Of the uploads those are left whose turn to go had not come when the demo ended.
    expect(results() - before).toBe(4)
    const pictures = ['inpaint-0.png', 'lemon-0.png', 'strawberry-0.png', 'strawberry-1.png']
    expect(Object.keys(objects).sort()).toEqual(pictures)
    expect(objects).toEqual(files)
  })

  it('end with the same pictures', async () => {
    const [files, objects] = [await paint(stores.onFiles.url), await paint(stores.onS3.url)]
    expect(objects.images.map(({ sha256 }) => sha256)).toEqual(files.images.map(({ sha256 }) => sha256))
    expect(await pictures(objects)).toEqual(await pictures(files))
    const kept = () => [...stores.s3.objects.keys()].filter((key) => key.includes(objects.id)).sort()
    const folder = `deployment/tenants/default/jobs/${objects.id}/attempts/1`
    // The inputs go, for the job has ended.
    await vi.waitFor(() => expect(kept()).toEqual([`${folder}/0.png`, `${folder}/1.png`]), 10_000)
  })

  it('deliver parts', async () => {
    for (const stack of [stores.onFiles, stores.onS3]) {
      const job = await paint(stack.url)
      const [whole] = await pictures(job)
      const response = await fetch(job.images[0]?.url ?? '', { headers: { range: 'bytes=10-19' } })
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes 10-19/${whole?.length}`)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(whole?.slice(10, 20))
    }
  })

  it('are redirected to where there is a signed URL', async () => {
    for (const stack of [stores.onFiles, stores.onS3]) {
      const job = await paint(stack.url)
      const response = await fetch(`${job.images[0]?.url}?redirect=1`, { redirect: 'manual' })
      expect(response.status).toBe(stack === stores.onS3 ? 302 : 200)
      const direct = stack === stores.onS3 ? await fetch(response.headers.get('location') ?? '') : response
      expect(direct.headers.get('content-type')).toBe('image/png')
      expect(direct.headers.get('content-disposition')?.replace('; ', ';')).toBe(`inline;filename="${job.id}-0.png"`)
      expect(new Uint8Array(await direct.arrayBuffer())).toEqual((await pictures(job))[0])
    }
  })

  it('keep nothing of a deleted job', async () => {
    const job = await paint(stores.onS3.url)
    expect((await fetch(job.urls.self, { method: 'DELETE' })).status).toBe(204)
    await expect.poll(() => [...stores.s3.objects.keys()].filter((key) => key.includes(job.id))).toEqual([])
  })
})

storageFaults(stores)
