import type { Job } from '@pentimento/contracts'
import { encode } from '@pentimento/images'
import { loadPage } from '@pentimento/playground'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { publicPath } from './http/public-path.ts'
import { hasChromium, openBrowser } from './testing/browser.ts'
import { startConsumer } from './testing/consumer.ts'
import { type PathProxy, startPathProxy } from './testing/path-proxy.ts'
import { readEvents } from './testing/read-events.ts'
import { formOf, request, startService, type TestService } from './testing/service.ts'

const path = '/pentimento/images'

describe.each([
  ['takes the path off', true],
  ['leaves the path there', false],
])('behind a proxy that %s', (_, strip) => {
  let proxy: PathProxy
  let service: TestService
  let stop: () => Promise<void>

  beforeAll(async () => {
    proxy = await startPathProxy(path, strip)
    const publicUrl = proxy.url
    service = await startService(inject('redisUrl'), {
      host: '127.0.0.1',
      publicUrl,
      page: await loadPage(publicPath(publicUrl)),
    })
    proxy.backend = service.url
    const consumer = await startConsumer(service)
    stop = () => consumer.shutdown()
  })
  afterAll(async () => {
    await stop()
    proxy.close()
    await service.close()
  })

  it('every GET of the API is answered as it is without one', async () => {
    const { paths = {} } = service.app.swagger()
    const gets = Object.keys(paths).filter((route) => paths[route]?.get)
    expect(gets.length).toBeGreaterThan(8)
    for (const route of [...gets, '/', '/docs/', '/docs/js/scalar.js', '/openapi.json', '/nowhere']) {
      const below = route.replace('{id}', `job_${'a'.repeat(26)}`).replace('{n}', '0')
      const [direct, proxied] = await Promise.all([service.url, proxy.url].map((base) => fetch(`${base}${below}`)))
      expect(proxied?.status, route).toBe(direct?.status)
      await Promise.all([direct?.body?.cancel(), proxied?.body?.cancel()])
    }
  })

  it('every address in an answer leads back', async () => {
    const data = new Uint8Array(64 * 64 * 3).fill(90)
    const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
    const submit = (wait: number) =>
      request<Job>(`${proxy.url}/v1/img2img?wait=${wait}`, {
        method: 'POST',
        body: formOf({ prompt: 'p', image, width: 64, height: 64 }),
      })
    const { headers, body: job } = await submit(20)
    expect(headers.get('location')).toBe(`${proxy.url}/v1/jobs/${job.id}`)
    expect((await request<Job>(job.urls.self)).body).toMatchObject({ id: job.id, status: 'succeeded' })
    expect((await fetch(job.images[0]?.url ?? '')).headers.get('content-type')).toBe('image/png')
    expect((await readEvents(await fetch(job.urls.events))).at(-1)?.data).toMatchObject({ id: job.id })
    expect((await request(job.urls.cancel, { method: 'POST' })).body).toMatchObject({ code: 'already_final' })
    await submit(0)
    const page = (cursor: string) =>
      request<{ data: Job[]; next_cursor: string }>(`${proxy.url}/v1/jobs?limit=1${cursor}`)
    const first = await page('')
    expect((await page(`&cursor=${first.body.next_cursor}`)).body.data).toMatchObject([{ id: job.id }])
    const spec = await request<{ servers: unknown }>(`${proxy.url}/openapi.json`)
    expect(spec.body.servers).toEqual([{ url: proxy.url }])
    const docs = await fetch(`${proxy.url}/docs?x=1`)
    expect([docs.status, docs.url]).toEqual([200, `${proxy.url}/docs/`])
    await docs.body?.cancel()
  })

  describe.skipIf(!hasChromium)('in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser.close())

    it.each([
      ['the playground', '/', 'Start with an example'],
      ['the playground without a slash', '', 'Start with an example'],
      ['the reference', '/docs', 'Paint a picture from a prompt alone'],
    ])('%s works, with all that it asks for', async (_name, below, text) => {
      for (const base of below === '/' ? [proxy.url, service.url] : [proxy.url]) {
        const page = await browser.newPage()
        const wrong: string[] = []
        const asked: string[] = []
        page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
        page.on('pageerror', (error) => wrong.push(error.message))
        page.on('request', (sent) => asked.push(sent.url()))
        page.on('response', (answer) => answer.status() >= 400 && wrong.push(`${answer.status()} ${answer.url()}`))
        await page.goto(`${base}${below}`)
        await page.getByText(text).first().waitFor({ timeout: 30_000 })
        await page.waitForLoadState('networkidle')
        expect(wrong).toEqual([])
        const outside = asked.filter(
          (url) => !url.startsWith('data:') && !url.startsWith('blob:') && !url.startsWith(base),
        )
        expect(outside).toEqual([])
        if (below.length < 2) expect(asked.some((url) => url.endsWith('/v1/models'))).toBe(true)
        await page.close()
      }
    })
  })
})
