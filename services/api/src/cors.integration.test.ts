import { encode } from '@pentimento/images'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, type OtherSite, openBrowser, runIn, startOtherSite } from './testing/browser.ts'
import { startConsumer } from './testing/consumer.ts'
import { fetchAndRead, type Read, submitAndRead } from './testing/page-calls.ts'
import { startService, type TestService } from './testing/service.ts'

interface Operation {
  parameters?: { in: string; name: string }[]
  responses: Record<string, { headers?: Record<string, unknown> }>
}

/** Every header that a client may send, beside those of the form. */
const sent = {
  prefer: 'wait=0',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'x-request-id': 'a-page-of-another-origin',
  'last-event-id': '7',
  'if-none-match': '"x"',
  'if-range': '"x"',
  range: 'bytes=0-1',
}

describe.skipIf(!hasChromium)('a page of an origin in CORS_ORIGINS', () => {
  let site: OtherSite
  let keyed: TestService
  let open: TestService
  let browser: Browser
  let page: Page
  let token: string
  let image: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    site = await startOtherSite()
    const corsOrigins = ['https://first.example', site.origin]
    const redisUrl = inject('redisUrl')
    ;[keyed, open, browser] = await Promise.all([
      startService(redisUrl, { auth: 'keys', corsOrigins }),
      startService(redisUrl, { auth: 'off', corsOrigins, host: '127.0.0.1' }),
      openBrowser(),
    ])
    const consumers = await Promise.all([keyed, open].map((service) => startConsumer(service)))
    stop = async () => void (await Promise.all(consumers.map((consumer) => consumer.shutdown())))
    const scopes = ['submit', 'read', 'admin'] as const
    token = (await keyed.state.tenants.createKey({ tenant: 'a', scopes: [...scopes] })).token
    const data = new Uint8Array(64 * 64 * 3).fill(90)
    const file = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
    image = file.toString('base64')
    page = await browser.newPage()
    await page.goto(site.origin)
  })
  afterAll(async () => {
    await browser.close()
    await stop()
    await Promise.all([keyed.close(), open.close()])
    site.close()
  })

  const call = (
    service: TestService,
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ) =>
    runIn<Read>(
      page,
      { url: `${service.url}${path}`, init: { method, headers, ...(body !== undefined && { body }) } },
      fetchAndRead,
    )
  const submit = (service: TestService, headers: Record<string, string>, fields: Record<string, string> = {}) =>
    runIn<Read>(
      page,
      {
        url: `${service.url}/v1/img2img`,
        init: { headers },
        fields: { prompt: 'p', width: '64', height: '64', ...fields },
        image,
      },
      submitAndRead,
    )
  const key = () => ({ authorization: `Bearer ${token}` })

  it('makes every call of the API, with every header, and reads every answer and its headers', async () => {
    const paths = keyed.app.swagger().paths as Record<string, Record<string, Operation>>
    const job = JSON.parse((await submit(keyed, key())).body) as { id: string }
    const calls = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        (method === 'get' && !path.endsWith('/events') ? ['GET', 'HEAD'] : [method.toUpperCase()]).map((verb) => ({
          path,
          verb,
          operation,
        })),
      ),
    )
    expect(calls.length).toBeGreaterThan(25)
    for (const { path, verb, operation } of calls) {
      const named = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'header')
        .map(({ name }) => name)
      const headers = {
        ...Object.fromEntries(named.map((name) => [name, 'x'])),
        ...sent,
        ...key(),
        'idempotency-key': path,
      }
      const url = path
        .replace('{id}', path.includes('admin') ? 'abcdefgh2345' : job.id)
        .replace('{n}', '0')
        .replace('{delivery}', 'evt-1')
      const body = verb === 'POST' ? '{}' : undefined
      const read = await call(
        keyed,
        verb,
        url,
        { ...headers, ...(body && { 'content-type': 'application/json' }) },
        body,
      )
      const what = `${verb} ${path}: ${read.status}`
      expect(read.status, what).toBeLessThan(500)
      expect(read.status, what).not.toBe(401)
      if (path.startsWith('/v1/')) expect(read.headers['x-request-id'], what).toBe(sent['x-request-id'])
      if (read.status >= 400 && verb !== 'HEAD') expect(JSON.parse(read.body), what).toHaveProperty('code')
      const told = Object.values(operation.responses).flatMap(({ headers = {} }) => Object.keys(headers))
      const exposed = `content-type,content-length,${await exposedBy(keyed, site.origin)}`
      for (const name of told) expect(exposed.split(/, ?/), what).toContain(name.toLowerCase())
    }
  })

  it('submits, follows, fetches in parts and again, and deletes', async () => {
    const asked = { ...key(), 'idempotency-key': 'page-1', prefer: 'wait=20' }
    const first = await submit(keyed, asked)
    expect([first.status, first.headers['preference-applied']]).toEqual([200, 'wait=20'])
    expect(first.headers.location).toMatch(/\/v1\/jobs\/job_/)
    const again = await submit(keyed, asked)
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([200, 'true'])
    const { id } = JSON.parse(first.body) as { id: string }

    const events = await call(keyed, 'GET', `/v1/jobs/${id}/events`, { ...key(), 'last-event-id': '1' })
    expect(events.body).toContain('"status":"succeeded"')
    expect((await call(keyed, 'GET', `/v1/jobs/${id}/events`, { ...key(), 'last-event-id': 'final' })).status).toBe(204)

    const picture = `/v1/jobs/${id}/images/0`
    const whole = await call(keyed, 'GET', picture, key())
    const { etag = '' } = whole.headers
    expect(whole.headers['content-disposition']).toContain(id)
    expect((await call(keyed, 'HEAD', picture, key())).headers.etag).toBe(etag)
    expect((await call(keyed, 'GET', picture, { ...key(), 'if-none-match': etag })).status).toBe(304)
    const part = await call(keyed, 'GET', picture, { ...key(), range: 'bytes=0-7', 'if-range': etag })
    expect([part.status, part.headers['content-range']]).toEqual([206, expect.stringMatching(/^bytes 0-7\//)])
    expect((await call(keyed, 'DELETE', `/v1/jobs/${id}`, key())).status).toBe(204)
    expect(JSON.parse((await call(keyed, 'GET', `/v1/jobs/${id}`, key())).body)).toMatchObject({ code: 'deleted' })
  })

  it('works on a server without keys too, events by EventSource', async () => {
    const { id } = JSON.parse((await submit(open, {}, { steps: '20' })).body) as { id: string }
    const url = `${open.url}/v1/jobs/${id}/events`
    const last = await runIn<string>(
      page,
      { url },
      `
      const source = new EventSource(given.url)
      return await new Promise((resolve, reject) => {
        source.onerror = () => reject(new Error('the stream broke'))
        source.addEventListener('job', ({ data, lastEventId }) => {
          if (lastEventId !== 'final') return
          source.close()
          resolve(JSON.parse(data).status)
        })
      })`,
    )
    expect(last).toBe('succeeded')
    expect((await call(open, 'DELETE', `/v1/jobs/${id}`)).status).toBe(204)
  })

  it('reads what it did wrong, however early it is refused', async () => {
    const limited = await keyed.state.tenants.createKey({
      tenant: 'b',
      scopes: ['submit', 'read'],
      limits: { requestsPerMinute: 1 },
    })
    const b = { authorization: `Bearer ${limited.token}` }
    await call(keyed, 'GET', '/v1/models', b)
    const slow = await call(keyed, 'GET', '/v1/models', b)
    expect(Number(slow.headers['retry-after'])).toBeGreaterThan(0)
    expect(slow.headers.ratelimit).toMatch(/r=0/)
    const nobody = await call(keyed, 'GET', '/v1/models')
    expect(nobody.headers['www-authenticate']).toMatch(/^Bearer/)
    const put = await call(keyed, 'PUT', '/v1/models', key())
    expect(put.headers.allow).toBe('GET, HEAD')
    const large = `x`.repeat(70_000)
    const refused: [string, Read][] = [
      ['rate_limited', slow],
      ['rate_limited', await submit(keyed, b)],
      ['unauthorized', nobody],
      ['unauthorized', await submit(keyed, {})],
      ['method_not_allowed', put],
      ['not_found', await call(keyed, 'GET', '/nowhere', key())],
      ['not_found', await call(keyed, 'DELETE', `/v1/jobs/job_${'a'.repeat(26)}`, key())],
      ['invalid_fields', await submit(keyed, key(), { strength: '7' })],
      ['invalid_request', await call(keyed, 'GET', '/v1/jobs/%E0%A4%A', key())],
      ['invalid_request', await call(keyed, 'GET', '/v1/models', { ...key(), 'idempotency-key': large })],
      [
        'payload_too_large',
        await call(keyed, 'POST', '/v1/webhooks/test', { ...key(), 'content-type': 'application/json' }, large),
      ],
      [
        'payload_too_large',
        await runIn<Read>(
          page,
          { url: `${keyed.url}/v1/img2img`, init: { headers: key() } },
          `
          const form = new FormData()
          form.append('image', new Blob([new Uint8Array(30e6)]), 'image.png')
          given.init = { ...given.init, method: 'POST', body: form }
          ${fetchAndRead}`,
        ),
      ],
      ['unsupported_media_type', await call(keyed, 'POST', '/v1/img2img', key(), 'x')],
    ]
    for (const [code, { body }] of refused) expect(JSON.parse(body), code).toMatchObject({ code })
  })

  it('leaves every other page outside', async () => {
    const other = await startOtherSite()
    const stranger = await browser.newPage()
    await stranger.goto(other.origin)
    for (const path of ['/v1/models', '/livez', '/openapi.json', '/nowhere'])
      await expect(runIn(stranger, { url: `${open.url}${path}`, init: {} }, fetchAndRead), path).rejects.toThrow(
        'Failed to fetch',
      )
    await stranger.close()
    other.close()
  })
})

async function exposedBy({ url }: TestService, origin: string): Promise<string> {
  const answer = await fetch(`${url}/livez`, { headers: { origin } })
  return answer.headers.get('access-control-expose-headers') ?? ''
}
