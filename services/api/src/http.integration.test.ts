import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { request, startService, type TestService } from './testing/service.ts'

let service: TestService

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { corsOrigins: ['https://app.example'] })
})

afterAll(() => service.close())

const send = (method: string, path: string, headers: Record<string, string> = {}) =>
  request(`${service.url}${path}`, { method, headers })

const chunkedForm = 'Content-Type: multipart/form-data; boundary=abc\r\nTransfer-Encoding: chunked'

describe('routes', () => {
  it.each([
    ['GET', '/nothing', 404, 'not_found'],
    ['GET', '/v1', 404, 'not_found'],
    ['GET', '/v1/img2img', 405, 'method_not_allowed'],
    ['PUT', '/v1/inpaint', 405, 'method_not_allowed'],
    ['DELETE', '/v1/models', 405, 'method_not_allowed'],
    ['GET', '/v1/jobs/job_a/cancel', 405, 'method_not_allowed'],
    ['QUERY', '/v1/models', 405, 'method_not_allowed'],
    ['POST', '/v1/img2img', 415, 'unsupported_media_type'],
    ['GET', '/v1/models?available=true', 422, 'invalid_fields'],
    ['POST', '/v1/jobs/job_aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel?force=1', 422, 'invalid_fields'],
    ['GET', '/v1/jobs/job_aaaaaaaaaaaaaaaaaaaaaaaaaa?wait=', 422, 'invalid_fields'],
    ['GET', '/v1/jobs?limit=0x10', 422, 'invalid_fields'],
    ['GET', '/v1/jobs/%E0%A4%A', 400, 'invalid_request'],
    ['GET', '/v1/jobs/%FF', 400, 'invalid_request'],
    ['GET', '/v1/jobs?model=%FF', 400, 'invalid_request'],
    ['GET', '/v1/jobs?model=caf%E9', 400, 'invalid_request'],
    ['GET', '/v1/jobs?model=100%', 400, 'invalid_request'],
    ['GET', '/v1/jobs?%FF=1', 400, 'invalid_request'],
    ['POST', '/v1/img2img?wait=%zz', 400, 'invalid_request'],
    ['GET', `/${'x'.repeat(3000)}`, 404, 'not_found'],
  ])('%s %s', async (method, path, status, code) => {
    const answer = await send(method, path)
    expect([answer.status, answer.body.code, answer.headers.get('content-type')]).toEqual([
      status,
      code,
      'application/problem+json',
    ])
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/[A-Z]/)
  })

  it('tell which methods they know', async () => {
    expect((await send('PATCH', '/v1/jobs/job_x')).headers.get('allow')).toBe('DELETE, GET, HEAD')
  })

  it('are looked for before a body is asked for its type', async () => {
    const sent = { method: 'PUT', body: 'x', headers: { 'content-type': 'image/png' } }
    expect((await request(`${service.url}/nothing`, sent)).status).toBe(404)
    expect((await request(`${service.url}/v1/models`, sent)).status).toBe(405)
  })

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'invalid_request'],
    ['an unheard-of method', 'PAINT / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
    ['a request to a proxy', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n', 400, 'invalid_request'],
    ['no Host', 'GET /livez HTTP/1.1\r\n\r\n', 400, 'invalid_request'],
    ['an empty Host', 'GET /livez HTTP/1.1\r\nHost:\r\n\r\n', 400, 'invalid_request'],
    ['two Hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, 'invalid_request'],
    ['another Expect', 'GET /nothing HTTP/1.1\r\nHost: x\r\nExpect: gold\r\n\r\n', 404, 'not_found'],
    ['a broken chunk', `POST /v1/img2img HTTP/1.1\r\nHost: x\r\n${chunkedForm}\r\n\r\nzz\r\n`, 400, 'invalid_request'],
  ])('answer with a problem document to %s', async (_, sent, status, code) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    socket.write(sent)
    const [answer] = await once(socket, 'data')
    socket.destroy()
    expect(String(answer)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*x-request-id: [^]*"code":"${code}"`, 'i'))
    expect(String(answer)).toMatch(/content-type: application\/problem\+json/i)
  })

  it('take a client that hangs up in the middle of a form for what it is, no fault of ours', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    socket.write(`POST /v1/img2img HTTP/1.1\r\nHost: x\r\n${chunkedForm}\r\n\r\n5\r\n--abc\r\n`)
    const refused = async () => (await service.metrics.refused.get()).values
    const before = (await refused()).find(({ labels }) => labels.code === 'invalid_multipart')?.value ?? 0
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
    await expect
      .poll(async () => (await refused()).find(({ labels }) => labels.code === 'invalid_multipart')?.value)
      .toBe(before + 1)
    expect((await refused()).find(({ labels }) => labels.code === 'internal_error')?.value).toBe(0)
  })
})

describe('X-Request-Id', () => {
  it('is taken over, or made', async () => {
    expect((await send('GET', '/livez', { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe('abc-1')
    const made = (await send('GET', '/livez', { 'x-request-id': 'a b"c' })).headers.get('x-request-id')
    expect(made).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('CORS', () => {
  const preflight = { 'access-control-request-method': 'POST' }

  it('is open to the origins that were named, and to no other', async () => {
    const named = await send('OPTIONS', '/v1/img2img', { origin: 'https://app.example', ...preflight })
    expect(named.headers.get('access-control-allow-origin')).toBe('https://app.example')
    const simple = await send('GET', '/v1/models', { origin: 'https://app.example' })
    expect(simple.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(simple.headers.get('vary')?.toLowerCase()).toContain('origin')
    const other = await send('GET', '/v1/models', { origin: 'https://evil.example' })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('takes OPTIONS that is no preflight for a method that the route does not know', async () => {
    const other = { origin: 'https://evil.example', ...preflight }
    for (const headers of [{}, other])
      expect(await send('OPTIONS', '/v1/models', headers)).toMatchObject({
        status: 405,
        body: { code: 'method_not_allowed' },
      })
  })

  it('is off otherwise', async () => {
    const closed = await startService(inject('redisUrl'))
    const answer = await request(`${closed.url}/v1/models`, { headers: { origin: 'https://app.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    await closed.close()
  })
})

describe('probes', () => {
  it('are well when all is well, and not ready once the server drains', async () => {
    const own = await startService(inject('redisUrl'))
    expect((await request(`${own.url}/livez`)).status).toBe(200)
    expect((await request(`${own.url}/readyz`)).status).toBe(200)
    own.drain()
    expect((await request(`${own.url}/livez`)).status).toBe(200)
    expect((await request(`${own.url}/readyz`)).body).toMatchObject({ status: 503, code: 'draining' })
    await own.close()
  })
})

describe('GET /v1/models', () => {
  it('shows what workers announced', async () => {
    const { body } = await request<{ data: { id: string }[] }>(`${service.url}/v1/models`)
    expect(body.data).toMatchObject([{ id: 'test-model', available: true, default: true, native_size: 512 }])
  })
})

interface OpenapiDocument {
  openapi: string
  tags: { name: string }[]
  components: { schemas: Record<string, { properties?: Record<string, unknown>; oneOf?: unknown }> }
  webhooks: { jobEvent: { post: { requestBody: Body } } }
  paths: Record<string, Record<string, Operation>>
}

interface Body {
  content: Record<
    string,
    { schema: { properties: Record<string, Record<string, unknown>>; required: string[] }; example?: object }
  >
}

interface Operation {
  operationId: string
  tags: string[]
  requestBody?: Body
  responses: Record<string, { content?: Record<string, unknown>; headers?: Record<string, unknown> }>
}

/** An example as a body of its type; what begins with `@` is a file, as curl has it. */
async function bodyOf(type: string, example: object): Promise<string | FormData | URLSearchParams> {
  if (type === 'application/json') return JSON.stringify(example)
  const texts = Object.entries(example).map(([name, value]): [string, string] => {
    return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]
  })
  if (type !== 'multipart/form-data') return new URLSearchParams(texts)
  const form = new FormData()
  for (const [name, text] of texts) {
    if (!text.startsWith('@')) form.append(name, text)
    else form.append(name, new Blob([await readFile(new URL(`../../../${text.slice(1)}`, import.meta.url))]), name)
  }
  return form
}

/** Every `$ref` in a document, with what it leads to. */
function references(document: unknown): [string, unknown][] {
  const found = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)
  return found.map((ref) => [
    ref,
    ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document),
  ])
}

describe('/openapi.json', () => {
  it('describes every route and every field as they are checked', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    expect(body.openapi).toBe('3.1.0')
    const routes = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    )
    expect(routes).toEqual(
      expect.arrayContaining([
        'post /v1/img2img',
        'post /v1/inpaint',
        'get /v1/jobs',
        'get /v1/jobs/{id}',
        'delete /v1/jobs/{id}',
        'get /v1/jobs/{id}/events',
        'get /v1/jobs/{id}/images/{n}',
        'post /v1/jobs/{id}/cancel',
        'get /v1/models',
        'get /v1/capabilities',
        'get /livez',
        'get /readyz',
      ]),
    )
    const submit = body.paths['/v1/inpaint']?.post
    const form = submit?.requestBody?.content['multipart/form-data']?.schema
    expect(form?.properties.image).toMatchObject({ type: 'string', format: 'binary' })
    expect(form?.properties.strength).toMatchObject({ type: 'number', minimum: 0, maximum: 1, default: 0.75 })
    expect(form?.properties.mask_mode).toMatchObject({ enum: ['white', 'black', 'alpha'] })
    expect(form?.required).toEqual(['prompt'])
    for (const [name, field] of Object.entries(form?.properties ?? {}))
      if (!['num_images', 'output_format'].includes(name)) expect(field.description, name).toBeTypeOf('string')
    expect(Object.keys(submit?.responses ?? {})).toEqual([
      '200',
      '202',
      '400',
      '401',
      '403',
      '408',
      '409',
      '410',
      '413',
      '415',
      '421',
      '422',
      '429',
      '500',
      '503',
    ])
  })

  it('has a body for each operation that runs as it stands', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    const keyed = await startService(inject('redisUrl'), { auth: 'keys' })
    const { token } = await keyed.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read', 'admin'] })
    const authorization = `Bearer ${token}`
    await request(`${keyed.url}/v1/webhook-secret/rotate`, { method: 'POST', headers: { authorization } })
    const sent: Record<string, number[]> = {}
    for (const [path, { post }] of Object.entries(body.paths)) {
      if (!post?.requestBody) continue
      sent[post.operationId] = []
      for (const [type, { example = {} }] of Object.entries(post.requestBody.content)) {
        const headers = { authorization, ...(type === 'application/json' && { 'content-type': type }) }
        const init = { method: 'POST', headers, body: await bodyOf(type, example) }
        sent[post.operationId]?.push((await request(keyed.url + path, init)).status)
      }
    }
    await keyed.close()
    const of = { txt2img: [202, 202, 202], img2img: [202, 202, 202], inpaint: [202, 202, 202] }
    expect(sent).toEqual({ ...of, sendTestEvent: [202], createKey: [201] })
  })

  it('has what generators of clients stumble over in a form that they take', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    const text = JSON.stringify(body)
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER))
    const content = body.paths['/v1/inpaint']?.post?.requestBody?.content
    const of = (type: string) => content?.[type]?.schema.properties ?? {}
    expect(Object.keys(of('multipart/form-data')).slice(0, 2)).toEqual(['image', 'mask'])
    expect(of('application/json').mask).toEqual({ type: 'string', description: 'As a `data:` URL or base64.' })
    expect(of('application/json').metadata).toMatchObject({ type: 'object', additionalProperties: true })
    expect(of('multipart/form-data').sampler?.anyOf).toEqual([
      { type: 'string', enum: expect.arrayContaining(['dpmpp_2m', 'unipc']) },
      { type: 'string', description: 'or as AUTOMATIC1111 or diffusers spell it' },
    ])
    const { WebhookEvent, StreamEvent } = body.components.schemas
    expect(body.webhooks.jobEvent.post.requestBody.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/WebhookEvent',
    })
    expect(WebhookEvent?.properties?.data).toEqual({ $ref: '#/components/schemas/Job' })
    const stream = body.paths['/v1/jobs/{id}/events']?.get?.responses['200']?.content?.['text/event-stream']
    expect(stream).toEqual({ schema: { $ref: '#/components/schemas/StreamEvent' } })
    const names = ['Job', 'Progress', 'Preview'].map((name) => ({ $ref: `#/components/schemas/${name}StreamEvent` }))
    expect(StreamEvent?.oneOf).toEqual(names)
    // What has no name is named by generators, by its place and sometimes twice; a member that is null alone breaks them.
    for (const name of ['JobImage', 'JobUrls', 'JobSource', 'Lora', 'Txt2imgParameters', 'InpaintJob'])
      expect(body.components.schemas).toHaveProperty(name)
    const kept = body.components.schemas.Txt2imgParameters?.properties?.step_policy
    expect(kept).toMatchObject({ type: ['string', 'null'] })
  })

  it('names every operation, and has its tags in the order of a reader', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    const operations = Object.values(body.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/)
    expect(new Set(ids).size).toBe(ids.length)
    expect(body.tags.map(({ name }) => name)).toEqual(['Jobs', 'Webhooks', 'Service', 'Admin', 'Probes'])
    expect(new Set(operations.flatMap(({ tags }) => tags))).toEqual(new Set(body.tags.map(({ name }) => name)))
    for (const { responses } of operations)
      for (const status of Object.keys(responses)) expect(status).toMatch(/^\d{3}$/)
  })

  it('refers to nothing that is not there, and has nothing that nobody refers to', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    const found = references(body)
    for (const [ref, target] of found) expect(target, ref).toBeTypeOf('object')
    const names = Object.keys(body.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(found.map(([ref]) => ref)).toEqual(expect.arrayContaining(names))
  })

  it('says of every answer which status, type and headers it has', async () => {
    const { body } = await request<OpenapiDocument>(`${service.url}/openapi.json`)
    const id = 'job_aaaaaaaaaaaaaaaaaaaaaaaaaa'
    const calls = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
    )
    for (const { path, method, operation } of calls) {
      const url = path.replace('{id}', id).replace('{n}', '0').replace('{delivery}', 'x')
      const answer = await send(method.toUpperCase(), url)
      const { status, headers } = answer
      const said = operation.responses[status]
      const what = `${method} ${path}: ${status}`
      expect(said, what).toBeDefined()
      const type = headers.get('content-type')?.split(';')[0]
      if (type) expect(Object.keys(said?.content ?? {}), what).toContain(type)
      expect(Object.keys(said?.headers ?? {}), what).toContain('X-Request-Id')
      expect(headers.get('x-request-id'), what).toBeTruthy()
    }
  })
})

describe('/docs', () => {
  it('is served from here alone', async () => {
    const page = await fetch(`${service.url}/docs`)
    const html = await page.text()
    expect(page.headers.get('content-type')).toMatch(/text\/html/)
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/)
    expect(html).not.toMatch(/(src|href)="https?:/)
    const script = /src="([^"]+)"/.exec(html)?.[1] ?? ''
    const answer = await fetch(new URL(script, page.url))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/javascript; charset=utf-8'])
    await answer.body?.cancel()
  })
})
