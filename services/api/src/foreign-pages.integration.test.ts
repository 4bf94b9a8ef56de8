import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { serveMetrics } from './metrics-server.ts'
import { routesOf } from './testing/routes.ts'
import { startService, type TestService } from './testing/service.ts'

const friend = 'https://friend.example'
const publicUrl = 'https://images.example/pentimento'

/** As `npm start` runs it: without keys, on loopback. */
let service: TestService
beforeAll(async () => {
  service = await startService(inject('redisUrl'), { host: '127.0.0.1', publicUrl, corsOrigins: [friend] })
})
afterAll(() => service.close())

/** Sends what no `fetch` would: any Host, any Origin. */
async function send(url: string, method: string, path: string, headers: Record<string, string> = {}) {
  const sent = httpRequest(`${url}${path}`, { method, headers }).end()
  const [answer] = await once(sent, 'response')
  let text = ''
  for await (const chunk of answer) text += chunk
  const { code, detail } = text.startsWith('{') ? (JSON.parse(text) as { code?: string; detail?: string }) : {}
  return { status: Number(answer.statusCode), code, detail }
}

const own = ['localhost:8080', 'LOCALHOST', 'a.localhost', '127.0.0.1:1', '127.8.9.1', '[::1]:8080', 'images.example']
const outside = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', 'images.example.evil.example']
const near = [
  '10.0.0.5:8080',
  '[fe80::1]',
  '0.0.0.0:8080',
  'mybox',
  'api:8080',
  'mybox.local',
  'api.x.svc.cluster.local',
]

describe('names', () => {
  it('of loopback and of PUBLIC_URL are served without keys, and no other, on any route', async () => {
    for (const host of own) expect((await send(service.url, 'GET', '/v1/models', { host })).status, host).toBe(200)
    const routes = routesOf(service.app).map(({ method, path }) => ({ method, path: path.replace('*', '/x') }))
    expect(routes.length).toBeGreaterThan(25)
    for (const host of [...outside, ...near])
      for (const { method, path } of [...routes, { method: 'GET', path: '/nowhere' }]) {
        const answer = await send(service.url, method, path, { host })
        expect(answer.status, `${method} ${path} of ${host}`).toBe(421)
      }
    const refused = await send(service.url, 'GET', '/v1/models', { host: 'evil.example' })
    expect(refused).toMatchObject({
      code: 'misdirected_request',
      detail: expect.stringMatching(/PUBLIC_URL.*AUTH=keys/),
    })
  }, 60_000)

  it('that an outsider cannot own, and addresses, are served where others may come', async () => {
    const open = await startService(inject('redisUrl'), { host: '0.0.0.0', publicUrl })
    for (const host of [...own, ...near])
      expect((await send(open.url, 'GET', '/livez', { host })).status, host).toBe(200)
    for (const host of outside) expect((await send(open.url, 'GET', '/livez', { host })).status, host).toBe(421)
    await open.close()
  })

  it('are all served with keys, if they are names', async () => {
    const keyed = await startService(inject('redisUrl'), { host: '0.0.0.0', auth: 'keys' })
    for (const host of [...own, ...near, ...outside, 'my_host'])
      for (const path of ['/livez', '/docs/'])
        expect((await send(keyed.url, 'GET', path, { host })).status, host).toBe(200)
    for (const host of ['a b', 'x@localhost', '[::1', 'a/b', 'h:99999'])
      for (const path of ['/livez', '/docs'])
        expect(await send(keyed.url, 'GET', path, { host }), host).toMatchObject({
          status: 400,
          code: 'invalid_request',
        })
    await keyed.close()
  })

  it('are the same for the figures', async () => {
    const deps = { auth: 'off', host: '127.0.0.1', publicUrl, state: service.state } as const
    const server = await serveMetrics(service.metrics, deps, 0)
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const host of own) expect((await send(url, 'GET', '/metrics', { host })).status, host).toBe(200)
    for (const host of [...outside, ...near, 'a b'])
      expect((await send(url, 'GET', '/metrics', { host })).status, host).toBe(421)
    server.close()
  })
})

describe('without keys a request that changes something', () => {
  const remove = (headers: Record<string, string>) =>
    send(service.url, 'DELETE', '/v1/jobs/nobodys', { host: 'localhost:8080', ...headers })

  it.each([
    [{}],
    [{ origin: 'http://localhost:8080' }],
    [{ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://localhost:8080' }],
    [{ host: 'localhost', origin: 'http://localhost' }],
    [{ origin: 'https://images.example' }],
    [{ origin: friend, 'sec-fetch-site': 'cross-site' }],
  ])('is done for %j', async (headers) => {
    expect(await remove(headers)).toMatchObject({ status: 404, code: 'not_found' })
  })

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: '' }],
    [{ origin: 'http://localhost' }],
    [{ origin: 'http://localhost:8081' }],
    [{ origin: 'http://127.0.0.1:8080' }],
    [{ origin: 'http://localhost:8080.evil.example' }],
    [{ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
    [{ origin: `${friend}.evil.example` }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('is not for %j', async (headers) => {
    expect(await remove(headers)).toMatchObject({
      status: 403,
      code: 'foreign_page',
      detail: expect.stringMatching(/CORS_ORIGINS.*PUBLIC_URL.*AUTH=keys/),
    })
  })

  it('is not, whatever the route, once its sender is foreign', async () => {
    const headers = { host: 'localhost', origin: 'https://evil.example' }
    const unsafe = routesOf(service.app).filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
    expect(unsafe.length).toBeGreaterThan(8)
    for (const { method, path } of unsafe)
      expect((await send(service.url, method, path, headers)).status, `${method} ${path}`).toBe(403)
  })
})
