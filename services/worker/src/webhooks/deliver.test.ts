import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOutbound } from '@pentimento/outbound'
import { type DeliveryOutcome, type DueDelivery, StateUnavailable } from '@pentimento/state'
import { noTracing } from '@pentimento/tracing'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { deliver, parseRetryAfter } from './deliver.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjU'

let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let received: { headers: IncomingMessage['headers']; body: string }[]
const outbound = createOutbound({ allow: ['127.0.0.1'] })

beforeEach(async () => {
  received = []
  answer = (_, response) => response.end('thanks')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const metrics = createMetrics()
/** How often Redis is away before a delivery can be settled. */
let away = 0

async function send(overrides: Partial<DueDelivery['event']> = {}, secrets = [secret]): Promise<DeliveryOutcome> {
  let settled: DeliveryOutcome | undefined
  const due: DueDelivery = {
    attempt: 1,
    event: {
      id: 'evt_1',
      tenant: 'default',
      job: 'job_x',
      type: 'job.succeeded',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      body: '{"type":"job.succeeded"}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ...overrides,
    },
  }
  const webhooks = {
    secrets: async () => secrets,
    settle: async (_: DueDelivery, outcome: DeliveryOutcome) => {
      if (away-- > 0) throw new StateUnavailable('away')
      settled = outcome
      return 'pending' as const
    },
  }
  await deliver({ webhooks, outbound, allowHttp: true, metrics, tracing: noTracing }, due)
  if (!settled) throw new Error('the delivery was not settled')
  return settled
}

it('sends the frozen body, signed, with its trace', async () => {
  expect(await send()).toMatchObject({ outcome: 'delivered', status: 200, response: 'thanks' })
  const [request] = received
  expect(request?.body).toBe('{"type":"job.succeeded"}')
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': 'evt_1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  })
  const headers = request?.headers as Record<string, string>
  expect(new Webhook(secret).verify(request?.body ?? '', headers)).toEqual({ type: 'job.succeeded' })
})

it('is settled once Redis is back, and not sent again for that', async () => {
  away = 2
  expect(await send()).toMatchObject({ outcome: 'delivered' })
  expect(received).toHaveLength(1)
})

it('counts a redirect as a failure, and does not follow it', async () => {
  answer = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()
  expect(await send()).toMatchObject({ outcome: 'failed', status: 302, error: expect.stringContaining('redirects') })
  expect(received).toHaveLength(1)
})

it.each([
  [429, { 'retry-after': '120' }, { retryAfterMs: 120_000 }],
  [503, { 'retry-after': '5' }, { retryAfterMs: 5000 }],
  [502, { 'retry-after': '5' }, { retryAfterMs: 5000 }],
  [500, {}, {}],
  [410, {}, { gone: true }],
])('understands the answer %i', async (status, headers, expected) => {
  answer = (_, response) => response.writeHead(status, headers).end('no')
  const outcome = await send()
  expect(outcome).toEqual({
    outcome: 'failed',
    status,
    response: 'no',
    error: `the receiver answered ${status}`,
    durationMs: expect.any(Number),
    ...expected,
  })
})

it('keeps the first kilobyte of a long answer', async () => {
  answer = (_, response) => response.end('x'.repeat(100_000))
  expect((await send()).response.length).toBe(1024)
})

it.each([
  ['a broken connection', () => ({}), (_: IncomingMessage, response: ServerResponse) => void response.destroy()],
  ['an address that is not public', () => ({ url: 'http://127.0.0.2:9/' }), () => {}],
  ['a host that does not exist', () => ({ url: 'https://receiver.invalid/' }), () => {}],
])('tells of %s', async (_, overrides, reply) => {
  answer = reply
  expect(await send(overrides())).toMatchObject({ outcome: 'failed', status: null, error: expect.stringMatching(/\w/) })
})

it('sends nothing unsigned', async () => {
  expect(await send({}, [])).toMatchObject({ outcome: 'failed', error: 'there is no webhook secret' })
  expect(received).toEqual([])
})

it.each([
  ['17', 17_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 2025 00:00:00 GMT', 0],
  ['99999999', 86_400_000],
  ['soon', undefined],
  [undefined, undefined],
])('reads Retry-After %s', (value, expected) => {
  expect(parseRetryAfter(value, Date.parse('2026-01-01T00:00:00Z'))).toBe(expected)
})
