import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keys, type ObjectStore, openStore, StorageUnavailable } from '../index.ts'
import { type Fault, type S3Server, startS3Server } from '../testing/index.ts'

const job = `job_${'a'.repeat(26)}`
const input = keys.inputKey('default', job, 'image.png')
const png = { contentType: 'image/png' }
const bytes = randomBytes(500_000)

let server: S3Server
let store: ObjectStore

beforeEach(async () => {
  server = await startS3Server()
  store = await openStore(`s3://${server.bucket}`, { s3: server.options, timeoutMs: 400, deadlineMs: 2_000 })
  await store.put(input, bytes, png)
  server.arrivals.length = 0
})

afterEach(() => server.stop())

const calls: Record<string, () => Promise<unknown>> = {
  put: () => store.put(keys.inputKey('default', job, 'mask.png'), bytes, png),
  read: () => store.read(input),
  head: () => store.head(input),
  delete: () => store.delete(input),
  deletePrefix: () => store.deletePrefix('tenants/'),
}

const faults: Fault[] = [
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'lost' },
  { kind: 'slow', ms: 3_000 },
  { kind: 'status', status: 503, code: 'SlowDown' },
  { kind: 'status', status: 500, code: 'InternalError' },
  { kind: 'status', status: 429, code: 'TooManyRequests' },
]

const lasting: Fault[] = [{ kind: 'reset' }, { kind: 'hang' }, { kind: 'status', status: 503, code: 'SlowDown' }]

describe.each(Object.entries(calls))('%s', (name, call) => {
  it.each(faults)('gets over one %j', async (fault) => {
    server.fault = ({ number }) => (number === 1 ? fault : undefined)
    const result = await call()
    expect(server.arrivals.length).toBeGreaterThan(1)
    if (name === 'read') expect(Buffer.from(result as Uint8Array).equals(bytes)).toBe(true)
  })

  it.each(lasting)('gives up on lasting %j within its limits', async (fault) => {
    server.fault = () => fault
    const start = performance.now()
    await expect(call()).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - start).toBeLessThan(6_000)
  })

  it('gives up on a server that refuses connections, and goes on once it is back', async () => {
    await server.stop()
    await expect(call()).rejects.toBeInstanceOf(StorageUnavailable)
    await server.start()
    await call()
  })

  it.each([
    { status: 403, code: 'AccessDenied' },
    { status: 301, code: 'PermanentRedirect' },
  ])('does not repeat what %j forbids', async ({ status, code }) => {
    server.fault = () => ({ kind: 'status', status, code })
    await expect(call()).rejects.toThrow(String(status))
    expect(server.arrivals).toHaveLength(1)
  })
})

describe('half an object', () => {
  it.each(['cut', 'stall'] as const)('is never the end of a stream: %s', async (kind) => {
    server.fault = () => ({ kind })
    const object = await store.get(input)
    let seen = 0
    const reading = (async () => {
      for await (const chunk of object?.body ?? []) seen += (chunk as Uint8Array).length
    })()
    await expect(reading).rejects.toBeInstanceOf(StorageUnavailable)
    expect(seen).toBeLessThan(bytes.length)
  })

  it.each(['cut', 'stall'] as const)('is read again as a whole: %s', async (kind) => {
    server.fault = ({ number }) => (number <= 2 ? { kind } : undefined)
    expect(Buffer.from((await store.read(input)) ?? []).equals(bytes)).toBe(true)
    expect(server.arrivals).toHaveLength(3)
  })

  it.each(['cut', 'stall'] as const)('is no answer of read, however often it comes: %s', async (kind) => {
    server.fault = () => ({ kind })
    await expect(store.read(input)).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it('is not stored when an upload is cut', async () => {
    const mask = keys.inputKey('default', job, 'mask.png')
    server.fault = () => ({ kind: 'cut' })
    await expect(store.put(mask, bytes, png)).rejects.toBeInstanceOf(StorageUnavailable)
    expect(server.objects.has(mask)).toBe(false)
    server.fault = ({ number }) => (number === server.arrivals.length && number % 2 === 1 ? { kind: 'cut' } : undefined)
    expect(await store.put(mask, bytes, png)).toBe('stored')
    expect(Buffer.from((await store.read(mask)) ?? []).equals(bytes)).toBe(true)
  })

  it('of a list is no list', async () => {
    server.fault = ({ number }) => (number === 1 ? { kind: 'cut' } : undefined)
    expect(await store.deletePrefix('tenants/')).toBe(1)
  })
})

describe('readiness', () => {
  it('follows the server, without long waits', async () => {
    await store.check()
    server.fault = () => ({ kind: 'hang' })
    const start = performance.now()
    await expect(store.check()).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - start).toBeLessThan(2_500)
    server.fault = null
    await store.check()
    expect([...server.objects.keys()]).toEqual([input])
  })
})
