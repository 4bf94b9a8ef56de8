import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import type { NewKey } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { formOf, request, startService, type TestService, testModel } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

async function makeKey(key: Partial<NewKey> & { tenant: string }): Promise<string> {
  return (await service.state.tenants.createKey({ scopes: ['submit', 'read'], ...key })).token
}

function send<T = { code?: string; id: string; errors?: { pointer: string }[] }>(
  token: string | null,
  method: string,
  path: string,
  body?: RequestInit['body'],
) {
  const json: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const headers = { ...json, ...(token !== null && { authorization: `Bearer ${token}` }) }
  return request<T>(`${service.url}${path}`, { method, headers, ...(body !== undefined && { body }) })
}

const submit = (token: string | null, fields: Record<string, string | number> = {}) =>
  send(
    token,
    'POST',
    '/v1/img2img',
    formOf({ prompt: 'p', image: picture, width: 64, height: 64, steps: 2, ...fields }),
  )

describe('keys', () => {
  it('are managed by admins, and a token is shown once', async () => {
    const admin = await makeKey({ tenant: 'house', scopes: ['admin'] })
    type Made = { key: { id: string; limits: object; revoked_at: string | null }; token: string; code?: string }
    const body = { tenant: 'client', limits: { max_jobs: 3, allowed_models: ['test-model'] } }
    const made = await send<Made>(admin, 'POST', '/v1/admin/keys', JSON.stringify(body))
    expect([made.status, made.body.key.limits]).toEqual([201, body.limits])
    expect((await submit(made.body.token)).status).toBe(202)
    const rotated = await send<Made>(admin, 'POST', `/v1/admin/keys/${made.body.key.id}/rotate`)
    expect([rotated.status, (await submit(rotated.body.token)).status]).toEqual([201, 202])
    expect((await send(admin, 'POST', `/v1/admin/keys/${made.body.key.id}/rotate`)).body.code).toBe('not_found')
    const list = await send<{ data: Made['key'][] }>(admin, 'GET', '/v1/admin/keys?tenant=client')
    expect(list.body.data).toHaveLength(2)
    expect(JSON.stringify(list.body)).not.toContain(rotated.body.token)
    expect((await send(admin, 'DELETE', `/v1/admin/keys/${rotated.body.key.id}`)).status).toBe(204)
    expect((await submit(rotated.body.token)).status).toBe(401)
    expect((await send(admin, 'DELETE', '/v1/admin/keys/nobody')).body.code).toBe('not_found')
    for (const wrong of [
      {},
      { tenant: 'No Spaces' },
      { tenant: 'a', scopes: ['all'] },
      { tenant: 'a', limits: { x: 1 } },
      { tenant: 'a', limits: { max_jobs: 0.5 } },
      { tenant: 'a', expires_at: '2020-01-01T00:00:00Z' },
    ]) {
      expect((await send(admin, 'POST', '/v1/admin/keys', JSON.stringify(wrong))).body.code).toBe('invalid_fields')
    }
  })
})

describe('limits of a key', () => {
  it('count requests a minute, and say how many are left', async () => {
    const token = await makeKey({ tenant: 'hasty', limits: { requestsPerMinute: 3 } })
    const answers = []
    for (let i = 0; i < 5; i++) answers.push(await send(token, 'GET', '/v1/models'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60')
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.split(';t=')[0])).toEqual(
      [2, 1, 0, 0, 0].map((left) => `"requests";r=${left}`),
    )
    const refused = answers[3]
    expect([refused?.body.code, Number(refused?.headers.get('retry-after'))]).toEqual([
      'rate_limited',
      expect.any(Number),
    ])
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  })

  it('bound jobs, work a day, models, pixels and steps', async () => {
    const few = await makeKey({ tenant: 'few', limits: { maxJobs: 2 } })
    expect([(await submit(few)).status, (await submit(few)).status]).toEqual([202, 202])
    const third = await submit(few)
    expect([third.status, third.body.code]).toEqual([429, 'too_many_jobs'])
    // As long as jobs of this model have taken, which is short here; five seconds where none has ended yet.
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(Number(third.headers.get('retry-after'))).toBeLessThanOrEqual(5)
    // Two steps of a picture of 64 × 64 are 0.008192 megapixel-steps, and the picture itself is 0.004096.
    const daily = await makeKey({ tenant: 'daily', limits: { dailyWork: 0.015 } })
    expect((await submit(daily, { steps: 20 })).body.code).toBe('too_much_work')
    expect((await submit(daily)).status).toBe(202)
    const over = await submit(daily)
    expect([over.status, over.body.code]).toEqual([429, 'quota_exceeded'])
    expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(86_400)
    const ask = (path: string) =>
      request<Record<string, unknown>>(service.url + path, { headers: { authorization: `Bearer ${daily}` } })
    const { work_today: work, ...used } = (await ask('/v1/usage')).body
    expect(work).toBeCloseTo(0.012288, 9)
    expect(used).toMatchObject({ tenant: 'daily', jobs: 1, queued: 1, limits: { daily_work: 0.015 } })
    expect((await ask('/v1/version')).body).toEqual({ version: '0.2.0' })
    const small = await makeKey({ tenant: 'small', limits: { maxPixels: 64 * 64, maxSteps: 10 } })
    expect((await submit(small)).status).toBe(202)
    expect((await submit(small, { width: 72, steps: 11 })).body).toMatchObject({
      code: 'too_much_work',
      errors: [{ pointer: '/width' }, { pointer: '/steps' }],
    })
    const bound = await makeKey({ tenant: 'bound', limits: { allowedModels: ['other'] } })
    expect((await submit(bound)).body.code).toBe('unknown_model')
    expect((await send<{ data: unknown[] }>(bound, 'GET', '/v1/models')).body.data).toEqual([])
  })

  it('hold for all together: a full queue refuses everybody', async () => {
    const full = await startService(inject('redisUrl'), { maxQueueDepth: 2 })
    const answers = []
    for (let i = 0; i < 3; i++) {
      const body = formOf({ prompt: 'p', image: picture })
      answers.push(await request(`${full.url}/v1/img2img`, { method: 'POST', body }))
    }
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 503])
    expect(answers[2]?.body.code).toBe('queue_full')
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
    // An upload is not even begun; nor where the caller may use other models, which are not full.
    expect(await headAlone(full)).toEqual([503, 'queue_full'])
    await full.state.workers.announce({
      ...{ workerId: 'other', state: 'ready', device: 'cpu', deviceMemory: null },
      models: [{ ...testModel, id: 'other-model' }],
    })
    await sleep(1100)
    const onOther = formOf({ prompt: 'p', image: picture, model: 'other-model' })
    expect((await request(`${full.url}/v1/img2img`, { method: 'POST', body: onOther })).status).toBe(202)
    await full.close()
  })

  it('are looked at before a byte of the body is sent', async () => {
    const busy = { requestsPerMinute: 1 }
    const hasty = await makeKey({ tenant: 'in-a-hurry', limits: busy })
    await send(hasty, 'GET', '/v1/models')
    const few = await makeKey({ tenant: 'has-one', limits: { maxJobs: 1 } })
    const queued = await makeKey({ tenant: 'has-queued', limits: { maxQueued: 1 } })
    const daily = await makeKey({ tenant: 'has-painted', limits: { dailyWork: 0.012288 } })
    for (const token of [few, queued, daily]) expect((await submit(token)).status).toBe(202)
    const reader = await makeKey({ tenant: 'reader', scopes: ['read'] })
    const refusals = await Promise.all(
      ['pmt_wrong', reader, hasty, few, queued, daily].map((key) => headAlone(service, key)),
    )
    expect(refusals).toEqual([
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [429, 'rate_limited'],
      [429, 'too_many_jobs'],
      [429, 'too_many_jobs'],
      [429, 'quota_exceeded'],
    ])
  })
})

/** Status and code of the answer to a submit whose head alone is sent, with a megabyte announced. */
async function headAlone({ url }: TestService, token?: string): Promise<[number, string]> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const key = token === undefined ? '' : `authorization: Bearer ${token}\r\n`
  const type = 'content-type: multipart/form-data; boundary=x\r\n'
  socket.write(`POST /v1/img2img HTTP/1.1\r\nhost: x\r\n${key}${type}content-length: 1000000\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.includes('"request_id"')) break
  }
  return [Number(text.slice(9, 12)), /"code":"(\w+)"/.exec(text)?.[1] ?? '']
}

it('admin routes stay shut on a server without keys', async () => {
  const open = await startService(inject('redisUrl'))
  const answer = await request(`${open.url}/v1/admin/keys`)
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
  await open.close()
})
