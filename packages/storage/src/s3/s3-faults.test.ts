import { randomBytes } from 'node:crypto'
import { describe, it, type onTestFinished } from 'vitest'
import { keys, type ObjectStore, openStore, StorageUnavailable } from '../index.ts'
import { type Fault, type S3Server, startS3Server } from '../testing/index.ts'

const job = `job_${'a'.repeat(26)}`
const input = keys.inputKey('default', job, 'image.png')
const mask = keys.inputKey('default', job, 'mask.png')
const png = { contentType: 'image/png' }
const bytes = randomBytes(500_000)

/** Of a store that must get over what happens: a busy machine may answer late. */
const patient = { timeoutMs: 10_000, deadlineMs: 40_000 }
/** Where no answer comes at first. */
const waiting = { timeoutMs: 1_500, deadlineMs: 20_000 }
/** Where none ever comes. */
const hasty = { timeoutMs: 400, deadlineMs: 2_000 }

/** A server of the test's own, for most of these tests wait, with one object, and a store. */
async function start(
  finished: typeof onTestFinished,
  limits = patient,
): Promise<{ server: S3Server; store: ObjectStore }> {
  const server = await startS3Server()
  finished(() => server.stop())
  const url = `s3://${server.bucket}`
  const first = await openStore(url, { s3: server.options, ...patient })
  await first.put(input, bytes, png)
  server.arrivals.length = 0
  return { server, store: await openStore(url, { s3: server.options, ...limits }) }
}

const calls: Record<string, (store: ObjectStore) => Promise<unknown>> = {
  put: (store) => store.put(mask, bytes, png),
  read: (store) => store.read(input),
  head: (store) => store.head(input),
  delete: (store) => store.delete(input),
  deletePrefix: (store) => store.deletePrefix('tenants/'),
}

const lasting: Fault[] = [{ kind: 'reset' }, { kind: 'hang' }, { kind: 'status', status: 503, code: 'SlowDown' }]
const faults: Fault[] = [
  ...lasting,
  { kind: 'lost' },
  { kind: 'slow', ms: 5_000 },
  { kind: 'status', status: 500, code: 'InternalError' },
  { kind: 'status', status: 429, code: 'TooManyRequests' },
]

describe.concurrent.for(Object.entries(calls))('%s', ([name, call]) => {
  it.for(faults)('gets over one %j', async (fault, { expect, onTestFinished }) => {
    const isLate = fault.kind === 'hang' || fault.kind === 'slow'
    const { server, store } = await start(onTestFinished, isLate ? waiting : patient)
    server.fault = ({ number }) => (number === 1 ? fault : undefined)
    const result = await call(store)
    expect(server.arrivals.length).toBeGreaterThan(1)
    if (name === 'read') expect(Buffer.from(result as Uint8Array).equals(bytes)).toBe(true)
  })

  it.for(lasting)('gives up on lasting %j within its limits', async (fault, { expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished, hasty)
    server.fault = () => fault
    const begin = performance.now()
    await expect(call(store)).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - begin).toBeLessThan(6_000)
  })

  it('gives up on a server that refuses connections, and goes on once it is back', async ({
    expect,
    onTestFinished,
  }) => {
    const { server, store } = await start(onTestFinished)
    await server.stop()
    await expect(call(store)).rejects.toBeInstanceOf(StorageUnavailable)
    await server.start()
    await call(store)
  })

  it.for([
    { status: 403, code: 'AccessDenied' },
    { status: 301, code: 'PermanentRedirect' },
  ])('does not repeat what %j forbids', async ({ status, code }, { expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished)
    server.fault = () => ({ kind: 'status', status, code })
    await expect(call(store)).rejects.toThrow(String(status))
    expect(server.arrivals).toHaveLength(1)
  })
})

describe.concurrent('half an object', () => {
  const kinds = ['cut', 'stall'] as const

  it.for(kinds)('is never the end of a stream: %s', async (kind, { expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished, waiting)
    server.fault = () => ({ kind })
    const object = await store.get(input)
    let seen = 0
    const reading = (async () => {
      for await (const chunk of object?.body ?? []) seen += (chunk as Uint8Array).length
    })()
    await expect(reading).rejects.toBeInstanceOf(StorageUnavailable)
    expect(seen).toBeLessThan(bytes.length)
  })

  it.for(kinds)('is read again as a whole: %s', async (kind, { expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished, waiting)
    server.fault = ({ number }) => (number <= 2 ? { kind } : undefined)
    expect(Buffer.from((await store.read(input)) ?? []).equals(bytes)).toBe(true)
    expect(server.arrivals).toHaveLength(3)
  })

  it.for(kinds)('is no answer of read, however often it comes: %s', async (kind, { expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished, hasty)
    server.fault = () => ({ kind })
    await expect(store.read(input)).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it('is not stored when an upload is cut', async ({ expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished)
    server.fault = () => ({ kind: 'cut' })
    await expect(store.put(mask, bytes, png)).rejects.toBeInstanceOf(StorageUnavailable)
    expect(server.objects.has(mask)).toBe(false)
    const before = server.arrivals.length
    server.fault = ({ number }) => (number === before + 1 ? { kind: 'cut' } : undefined)
    expect(await store.put(mask, bytes, png)).toBe('stored')
    expect(Buffer.from((await store.read(mask)) ?? []).equals(bytes)).toBe(true)
  })

  it('of a list is no list', async ({ expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished)
    server.fault = ({ number }) => (number === 1 ? { kind: 'cut' } : undefined)
    expect(await store.deletePrefix('tenants/')).toBe(1)
  })
})

describe.concurrent('readiness', () => {
  it('follows the server, without long waits', async ({ expect, onTestFinished }) => {
    const { server, store } = await start(onTestFinished, waiting)
    await store.check()
    server.fault = () => ({ kind: 'hang' })
    const begin = performance.now()
    await expect(store.check()).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - begin).toBeLessThan(4_000)
    server.fault = null
    await store.check()
    expect([...server.objects.keys()]).toEqual([input])
  })
})
