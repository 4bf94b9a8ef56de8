import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer
const keys: Record<string, string> = {}
const sockets: Socket[] = []

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
  for (const tenant of ['attacker', 'neighbour']) {
    const created = await service.state.tenants.createKey({ tenant, scopes: ['submit', 'read'], limits: {} })
    keys[tenant] = created.token
  }
})

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

afterAll(() => service.close())

const headersOf = (tenant: string) => ({ authorization: `Bearer ${keys[tenant]}` })

async function submit(tenant: string, query = ''): Promise<{ status: number; id: string; ms: number }> {
  const began = performance.now()
  const body = formOf({ prompt: 'p', image: picture, width: 64, height: 64 })
  const answer = await request(`${service.url}/v1/img2img${query}`, {
    method: 'POST',
    body,
    headers: headersOf(tenant),
  })
  return { status: answer.status, id: answer.body.id, ms: performance.now() - began }
}

/** A connection that sends a text and counts what it is answered. */
function send(text: string, reads = true): Socket {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  sockets.push(socket)
  socket.write(text)
  return reads ? socket.resume() : socket.pause()
}

const get = (path: string, tenant: string) =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys[tenant]}\r\n\r\n`

describe('pages of jobs', () => {
  it('are made four at a time for a tenant, however many it asks for', async () => {
    await Promise.all(Array.from({ length: 30 }, () => submit('attacker')))
    const { list } = service.state.jobs
    const run = vi.spyOn(service.state.jobs, 'list')
    let [running, most] = [0, 0]
    run.mockImplementation(async (...args) => {
      most = Math.max(most, ++running)
      await sleep(20)
      return list(...args).finally(() => running--)
    })
    const urls = Array.from({ length: 40 }, () => `${service.url}/v1/jobs?limit=100`)
    const pages = await Promise.all(
      urls.map((url) => request<{ data: unknown[] }>(url, { headers: headersOf('attacker') })),
    )
    run.mockRestore()
    expect(pages.every(({ status, body }) => status === 200 && body.data.length === 30)).toBe(true)
    expect(most).toBe(4)
  })
})

describe('streams and long polls', () => {
  it('are refused beyond 1,000 of a tenant, and another tenant has its own', async () => {
    const { id } = await submit('attacker')
    for (let i = 0; i < 1000; i++) send(get(`/v1/jobs/${id}/events`, 'attacker'))
    const open = async () =>
      (await service.metrics.registry.getSingleMetricAsString('pentimento_event_streams')).match(/ (\d+)$/)?.[1]
    await expect.poll(open, { timeout: 30_000 }).toBe('1000')
    for (const path of [`/v1/jobs/${id}/events`, `/v1/jobs/${id}?wait=5`]) {
      const answer = await request(`${service.url}${path}`, { headers: headersOf('attacker') })
      expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([429, 'rate_limited', '2'])
      expect(answer.body.detail).toBe('1000 streams and long polls of yours are open')
    }
    // Accepted is accepted: a submit that would wait is answered at once.
    const waiting = await submit('attacker', '?wait=30')
    expect(waiting.status).toBe(202)
    expect(waiting.ms).toBeLessThan(10_000)
    const other = await submit('neighbour')
    expect(other.status).toBe(202)
    const patient = await request(`${service.url}/v1/jobs/${other.id}?wait=1`, { headers: headersOf('neighbour') })
    expect(patient.status).toBe(200)
  })
})

describe('what is not read', () => {
  it('keeps a connection to one answer, on every route', async () => {
    const before = process.memoryUsage().rss
    const paths = [
      '/openapi.json',
      '/docs/js/scalar.js',
      '/v1/jobs?limit=100',
      '/v1/models',
      '/v1/capabilities',
      '/nowhere',
    ]
    for (let i = 0; i < 60; i++) send(get(paths[i % paths.length] ?? '', 'attacker').repeat(60), false)
    await sleep(1000)
    const { status, ms } = await submit('neighbour')
    expect([status, ms < 5000]).toEqual([202, true])
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(200)
  })
})

describe('a body of tiny chunks', () => {
  const head = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.attacker}\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`

  it('is read as any other, and others are answered meanwhile', async () => {
    const form = formOf({ prompt: 'p', image: picture, width: 64, height: 64 })
    const encoded = new Response(form)
    const bytes = Buffer.from(await encoded.arrayBuffer())
    const chunks = [...bytes].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('')
    const socket = send(head('/v1/img2img', encoded.headers.get('content-type') ?? ''), false)
    socket.write(Buffer.from(`${chunks}0\r\n\r\n`, 'latin1'))
    const [answer] = await Promise.race([once(socket), sleep(20_000, [''])])
    expect(answer).toMatch(/^HTTP\/1.1 202 /)
    for (let i = 0; i < 4; i++)
      send(`${head('/v1/img2img', 'multipart/form-data; boundary=x')}${'1\r\nx\r\n'.repeat(300_000)}0\r\n\r\n`)
    const { status, ms } = await submit('neighbour')
    expect([status, ms < 10_000]).toEqual([202, true])
  })
})

async function once(socket: Socket): Promise<string[]> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve([String(chunk)])).resume())
}
