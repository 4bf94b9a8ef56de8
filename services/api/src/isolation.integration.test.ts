import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import { type NewKey, openState, type Scope } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from './testing/consumer.ts'
import { isOfDialect, type Route, routesOf } from './testing/routes.ts'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer
let routes: Route[]

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  // From the router itself: a new route is tried without being named here.
  routes = routesOf(service.app).filter(({ path }) => path.startsWith('/v1/'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

const makeKey = (key: Partial<NewKey> & { tenant: string }) =>
  service.state.tenants.createKey({ scopes: ['submit', 'read'], ...key })
const tokenFor = async (key: Partial<NewKey> & { tenant: string }) => (await makeKey(key)).token

async function send(token: string | null, method: string, path: string, body?: FormData, more = {}) {
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...more }
  return request(`${service.url}${path}`, { method, headers, ...(body && { body }) })
}

async function submit(token: string, fields: Fields = {}): Promise<string> {
  const form = formOf({ prompt: 'p', image: picture, width: 64, height: 64, steps: 2, ...fields })
  const { status, body } = await send(token, 'POST', '/v1/img2img', form)
  expect(status, JSON.stringify(body)).toBe(202)
  return body.id
}

const unknownId = `job_${'a'.repeat(26)}`
const pathOf = ({ path }: Route, id: string, delivery = 'evt-1') =>
  path.replace(':id', id).replace(':n', '0').replace(':delivery', delivery)
const nameOf = ({ method, path }: Route) => `${method} ${path}`
/** An answer to HEAD has no body. */
const codeOf = ({ method }: Route, code: string) => (method === 'HEAD' ? undefined : code)

it('looks at every route below /v1, and finds the others harmless or of a dialect', () => {
  expect(routes.length).toBeGreaterThan(20)
  const documented = Object.values(service.app.swagger().paths ?? {}).flatMap((path) => Object.keys(path ?? {}))
  expect(routesOf(service.app).length).toBeGreaterThan(documented.length)
  const open = routesOf(service.app).filter(({ path }) => !path.startsWith('/v1/'))
  for (const { path } of open.filter((route) => !isOfDialect(route.path)))
    expect(path).toMatch(/^(\/openapi(\/\w+)?\.json|\/docs.*|\/livez|\/readyz|\*)$/)
})

it('lets nobody in without a key, nor with one that is malformed, unknown, revoked or expired', async () => {
  const revoked = await makeKey({ tenant: 'a' })
  await service.state.tenants.revokeKey(revoked.key.id)
  const expired = await tokenFor({ tenant: 'a', expiresAt: Date.now() + 50 })
  await sleep(60)
  const valid = await tokenFor({ tenant: 'a' })
  const unknown = valid.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  const elsewhere = valid.replace(/^pmt_.{12}/, 'pmt_aaaaaaaaaaaa')
  const malformed = ['', 'x', 'pmt_', 'pmt_x_y', valid.slice(0, -1), `${valid}A`, valid.toUpperCase(), `${valid} x`]
  for (const token of [null, ...malformed, revoked.token, expired, unknown, elsewhere]) {
    for (const route of routes) {
      const answer = await send(token, route.method, pathOf(route, unknownId))
      expect([answer.status, answer.body?.code], `${nameOf(route)} with ${token}`).toEqual([
        401,
        codeOf(route, 'unauthorized'),
      ])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
  }
  expect((await send(valid, 'GET', '/v1/jobs')).status).toBe(200)
})

it('lets a key do what its scope names and nothing else, on any route', async () => {
  const scopes: Scope[] = ['submit', 'read', 'admin']
  const tokens = await Promise.all(scopes.map((scope) => tokenFor({ tenant: 'a', scopes: [scope] })))
  for (const route of routes) {
    const reads = ['GET', 'HEAD'].includes(route.method)
    const mayRead = reads || route.path.endsWith('/browser-token')
    const needed = route.path.startsWith('/v1/admin') ? 'admin' : mayRead ? 'read' : 'submit'
    for (const [i, scope] of scopes.entries()) {
      const { status } = await send(tokens[i] ?? '', route.method, pathOf(route, unknownId))
      expect(status === 403, `${nameOf(route)} with scope ${scope}: ${status}`).toBe(scope !== needed)
      expect(status).not.toBe(401)
    }
  }
})

describe("another tenant's", () => {
  let mine: string
  let theirs: string
  const jobs: Record<string, string> = {}
  let delivery: string

  beforeAll(async () => {
    mine = await tokenFor({ tenant: 'mine' })
    theirs = await tokenFor({ tenant: 'theirs' })
    await send(mine, 'POST', '/v1/webhook-secret/rotate')
    const hook = { webhook_url: 'https://receiver.example/hook' }
    const consumer = await startConsumer(service)
    for (const name of ['succeeded', 'deleted']) jobs[name] = await submit(mine, hook)
    for (const id of Object.values(jobs)) await send(mine, 'GET', `/v1/jobs/${id}?wait=20`)
    await consumer.shutdown()
    jobs.queued = await submit(mine, hook)
    expect((await send(mine, 'DELETE', `/v1/jobs/${jobs.deleted}`)).status).toBe(204)
    delivery = `evt-${jobs.succeeded}-succeeded`
    const event = { id: delivery, tenant: 'mine', job: jobs.succeeded ?? '', type: 'job.succeeded' as const }
    await service.state.webhooks.enqueue({ ...event, url: hook.webhook_url, body: '{}', traceparent: null })
    expect((await send(mine, 'POST', `/v1/jobs/${jobs.succeeded}/deliveries/${delivery}/replay`)).status).toBe(202)
  })

  it.each(['queued', 'succeeded', 'deleted'])(
    '%s job looks like none on every route, and stays as it is',
    async (state) => {
      const id = jobs[state] ?? ''
      const before = (await send(mine, 'GET', `/v1/jobs/${id}`)).body.status
      for (const route of routes) {
        if (!route.path.includes(':id') || route.path.startsWith('/v1/admin')) continue
        const [answer, none] = [
          await send(theirs, route.method, pathOf(route, id, delivery)),
          await send(theirs, route.method, pathOf(route, unknownId, delivery)),
        ]
        expect([answer.status, answer.body?.code], nameOf(route)).toEqual([404, codeOf(route, 'not_found')])
        expect({ ...answer.body, request_id: '' }, nameOf(route)).toEqual({ ...none.body, request_id: '' })
      }
      expect((await send(mine, 'GET', `/v1/jobs/${id}`)).body.status).toBe(before)
    },
  )

  it('jobs are in no list, and no picture of theirs can be a source', async () => {
    expect((await send(theirs, 'GET', '/v1/jobs')).body).toMatchObject({ data: [] })
    const page = (await send(mine, 'GET', '/v1/jobs?limit=1')).body as unknown as { next_cursor: string }
    expect((await send(theirs, 'GET', `/v1/jobs?cursor=${page.next_cursor}`)).body).toMatchObject({ data: [] })
    for (const source of [jobs.succeeded, `${jobs.succeeded}/0`]) {
      const stolen = await send(theirs, 'POST', '/v1/img2img', formOf({ prompt: 'p', image_job: source }))
      expect(stolen.body.code).toBe('source_unavailable')
    }
  })

  it("webhook events cannot be sent again through a job of one's own", async () => {
    const own = await submit(theirs)
    const answer = await send(theirs, 'POST', `/v1/jobs/${own}/deliveries/${delivery}/replay`)
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
  })

  it('Idempotency-Key is not the same key', async () => {
    const once = (token: string) =>
      send(token, 'POST', '/v1/img2img', formOf({ prompt: 'p', image: picture }), { 'idempotency-key': 'order-1' })
    const [first, second] = [await once(mine), await once(theirs)]
    expect([first.status, second.status]).toEqual([202, 202])
    expect(second.body.id).not.toBe(first.body.id)
    expect(second.headers.get('idempotent-replayed')).toBeNull()
  })

  it('keys are out of reach of a key without the scope admin', async () => {
    const [key] = await service.state.tenants.listKeys('mine')
    for (const route of routes.filter(({ path }) => path.startsWith('/v1/admin'))) {
      expect((await send(theirs, route.method, pathOf(route, key?.id ?? ''))).status, nameOf(route)).toBe(403)
    }
    expect((await send(mine, 'GET', '/v1/jobs')).status).toBe(200)
  })
})

it('ends long polls and streams of a key within ten seconds of its revocation by another process', async () => {
  const { key, token } = await makeKey({ tenant: 'patient' })
  const id = await submit(token)
  const stream = await fetch(`${service.url}/v1/jobs/${id}/events`, { headers: { authorization: `Bearer ${token}` } })
  expect(stream.status).toBe(200)
  const poll = send(token, 'GET', `/v1/jobs/${id}?wait=60`)
  const namespace = service.namespace
  const other = await openState({ redisUrl: inject('redisUrl'), namespace, onError: () => {} })
  await other.tenants.revokeKey(key.id)
  const since = performance.now()
  const [answer] = await Promise.all([poll, stream.text()])
  expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized'])
  expect(performance.now() - since).toBeLessThan(10_000)
  await other.close()
})
