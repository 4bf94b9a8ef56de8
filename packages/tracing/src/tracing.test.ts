import { afterEach, beforeEach, expect, it } from 'vitest'
import { noTracing, openTracing, type Tracing } from './index.ts'
import { type OtlpReceiver, startOtlpReceiver } from './testing/otlp-receiver.ts'

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

let receiver: OtlpReceiver
let tracing: Tracing
const errors: Error[] = []

beforeEach(async () => {
  receiver = await startOtlpReceiver()
  errors.length = 0
  tracing = await open(receiver.url)
})
afterEach(() => receiver.close())

const open = (endpoint: string) =>
  openTracing({ endpoint, service: 'test', instance: 'test-1', onError: (error) => errors.push(error) })

it('puts spans below the one that is named, with the times that are given', async () => {
  const outer = tracing.start('outer', { parent, kind: 'server', attributes: { 'job.id': 'job_1' } })
  const inner = tracing.start('inner', { parent: outer.traceparent, startedAt: 1_700_000_000_250 })
  inner.end({ at: 1_700_000_000_500, error: 'it broke' })
  outer.set({ answer: 42 })
  outer.end()
  await tracing.close()
  const [first, second] = receiver.spans
  expect(first).toMatchObject({
    service: 'test',
    name: 'inner',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: second?.spanId,
    startMs: 1_700_000_000_250,
    endMs: 1_700_000_000_500,
    status: 2,
  })
  expect(second).toMatchObject({ name: 'outer', kind: 2, parentSpanId: 'b7ad6b7169203331', status: 0 })
  expect(second?.attributes).toEqual({ 'job.id': 'job_1', answer: 42 })
})

it.each([
  null,
  '',
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
])('begins a trace below %s', async (malformed) => {
  const span = tracing.start('root', { parent: malformed })
  span.end()
  await tracing.close()
  expect(span.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(receiver.spans).toMatchObject([{ parentSpanId: null, traceId: span.traceparent?.slice(3, 35) }])
})

it('records nothing of a trace that its caller does not sample, and hands it on', async () => {
  const span = tracing.start('quiet', { parent: `${parent.slice(0, -2)}00` })
  span.end()
  await tracing.close()
  expect(span.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/)
  expect(receiver.spans).toEqual([])
})

it('says that a collector refuses, and closes in time without one', async () => {
  receiver.status = 400
  tracing.start('lost', { parent: null }).end()
  await tracing.close()
  expect(errors).toHaveLength(1)
  const nobody = await open('http://127.0.0.1:1')
  nobody.start('lost', { parent: null }).end()
  const began = performance.now()
  await nobody.close()
  expect(performance.now() - began).toBeLessThan(4000)
})

it('without a collector only hands on what came', async () => {
  const off = await openTracing({ endpoint: null, service: 'test', instance: 'test-1', onError: () => {} })
  expect(off).toBe(noTracing)
  expect(off.start('nothing', { parent }).traceparent).toBe(parent)
  expect(off.start('nothing', { parent: null }).traceparent).toBeNull()
})
