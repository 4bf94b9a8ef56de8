import { createServer } from 'node:http'
import { createClient, PentimentoError, verifyWebhook } from '@pentimento/client'
import { decodeRgb, encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { hasChromium, type OtherSite, openBrowser, runIn } from './testing/browser.ts'
import { startClientSite } from './testing/client-site.ts'
import { startConsumer } from './testing/consumer.ts'
import { listen } from './testing/listen.ts'
import { startService, type TestService } from './testing/service.ts'

let service: TestService
let consumer: Consumer
let image: Buffer
let pentimento: ReturnType<typeof createClient>
let token: string
let site: OtherSite

beforeAll(async () => {
  site = await startClientSite()
  service = await startService(inject('redisUrl'), { auth: 'keys', corsOrigins: [site.origin] })
  consumer = await startConsumer(service, 20)
  ;({ token } = await service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'] }))
  pentimento = createClient({ baseUrl: `${service.url}/`, key: token })
  image = await encode(
    { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(9) },
    { format: 'png', quality: null, metadata: null },
  )
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
  site.close()
})

const small = { prompt: 'a strawberry', width: 64, height: 64, steps: 10 } as const

it('submits, follows, waits and downloads', async () => {
  const job = await pentimento.img2img({ ...small, image, num_images: 2, metadata: { order: 7 } })
  expect([job.status, job.metadata]).toEqual(['queued', { order: 7 }])
  const seen: string[] = []
  for await (const { event, data } of pentimento.events(job, { previews: 1 }))
    seen.push(event === 'job' ? data.status : event)
  expect(seen).toContain('progress')
  expect(seen.at(-1)).toBe('succeeded')
  const done = await pentimento.wait(job)
  const picture = new Uint8Array(await (await pentimento.download(done, 1)).arrayBuffer())
  expect((await decodeRgb(picture, { maxPixels: 1e6, maxSide: 4096, maxAspect: 64, maxSeconds: 5 })).image.width).toBe(
    64,
  )
})

it('paints from words, and inside of a mask, once for each key', async () => {
  const words = await pentimento.txt2img(small, { wait: 30 })
  expect([words.kind, words.status]).toEqual(['txt2img', 'succeeded'])
  const mask = new Blob([
    Uint8Array.from(
      await encode(
        { width: 8, height: 8, data: new Uint8Array(192).fill(255) },
        { format: 'png', quality: null, metadata: null },
      ),
    ),
  ])
  const repaint = () => pentimento.inpaint({ ...small, image, mask }, { idempotencyKey: 'order-1' })
  const [first, again] = [await repaint(), await repaint()]
  expect([first.kind, again.id]).toEqual(['inpaint', first.id])
})

it('cancels, deletes, and knows every other route', async () => {
  const job = await pentimento.img2img({ ...small, image, steps: 150 })
  expect((await pentimento.cancel(job)).id).toBe(job.id)
  expect((await pentimento.wait(job.id)).status).toBe('canceled')
  await pentimento.delete(job)
  await expect(pentimento.get(job.id)).rejects.toMatchObject({ status: 410, code: 'deleted' })
  const { data } = await pentimento.api.GET('/v1/models')
  expect(data?.data.map(({ id }) => id)).toEqual(['test-model'])
})

it('throws what is wrong, by field', async () => {
  const refused = await pentimento.img2img({ ...small, image, steps: 900 }).catch((error) => error)
  expect(refused).toBeInstanceOf(PentimentoError)
  expect(refused).toMatchObject({ status: 422, code: 'invalid_fields', errors: [{ pointer: '/steps' }] })
  await expect(createClient({ baseUrl: service.url }).get('job_x')).rejects.toMatchObject({ code: 'unauthorized' })
})

it('goes on where the service is away for a moment', async () => {
  let failures = 2
  const port = await listen(
    createServer(async (request, response) => {
      if (failures-- > 0) return void response.writeHead(503).end('<html>')
      const answer = await fetch(`${service.url}${request.url}`, {
        headers: { authorization: String(request.headers.authorization) },
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    }),
  )
  const job = await pentimento.img2img({ ...small, image })
  expect((await createClient({ baseUrl: `http://127.0.0.1:${port}`, key: token }).wait(job)).status).toBe('succeeded')
})

it('verifies what the service signs', async () => {
  const secret = await service.state.webhooks.rotateSecret('a')
  expect(secret).toMatch(/^whsec_/)
  await expect(verifyWebhook({ headers: {}, body: '{}', secret })).rejects.toThrow('time')
})

it.skipIf(!hasChromium)('does all of it in a browser, from a page of another origin', async () => {
  const browser = await openBrowser()
  const page = await browser.newPage()
  await page.goto(site.origin)
  const given = { url: service.url, key: token, image: image.toString('base64'), small }
  const seen = await runIn<Record<string, unknown>>(
    page,
    given,
    `const { createClient, PentimentoError, verifyWebhook, WebhookInvalid } = await import('@pentimento/client')
    const pentimento = createClient({ baseUrl: given.url, key: given.key })
    const bytes = Uint8Array.from(atob(given.image), (letter) => letter.charCodeAt(0))
    const request = { ...given.small, image: new File([bytes], 'sketch.png', { type: 'image/png' }) }
    const job = await pentimento.img2img(request)
    const events = []
    for await (const { event, data } of pentimento.events(job, { previews: 2 }))
      events.push(event === 'job' ? data.status : event)
    const done = await pentimento.wait(job)
    const { width, height } = await createImageBitmap(await pentimento.download(done))
    const given_up = await pentimento.img2img({ ...request, steps: 150 })
    await pentimento.cancel(given_up)
    const refused = await pentimento.img2img({ ...request, steps: 900 }).catch((error) => error)
    const names = { 'webhook-id': 'a', 'webhook-timestamp': Date.now() / 1000, 'webhook-signature': 'v1,AAAA' }
    const received = { headers: new Headers(names), body: '{}', secret: 'whsec_AAAA' }
    const unsigned = await verifyWebhook(received).catch((error) => error)
    return {
      events, status: done.status, width, height, canceled: (await pentimento.wait(given_up)).status,
      refused: [refused instanceof PentimentoError, refused.code, refused.errors],
      unsigned: unsigned instanceof WebhookInvalid && unsigned.message,
      models: (await pentimento.api.GET('/v1/models')).data.data.map(({ id }) => id),
    }`,
  ).finally(() => browser.close())
  expect(seen.events).toContain('progress')
  expect(seen).toMatchObject({
    status: 'succeeded',
    width: 64,
    height: 64,
    canceled: 'canceled',
    refused: [true, 'invalid_fields', [{ pointer: '/steps' }]],
    unsigned: 'the webhook is not signed with this secret',
    models: ['test-model'],
  })
})
