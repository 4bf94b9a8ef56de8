import { randomBytes, randomUUID } from 'node:crypto'
import dns from 'node:dns'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readWhole } from '../exact-body.ts'
import { keys, type ObjectStore, openStore, StorageUnavailable, type StoreOptions } from '../index.ts'
import { conformanceSuite } from '../testing/conformance.ts'
import { type S3Server, startS3Server } from '../testing/index.ts'

const job = `job_${'a'.repeat(26)}`
const input = keys.inputKey('default', job, 'image.png')
const png = { contentType: 'image/png' }

let server: S3Server

beforeAll(async () => {
  server = await startS3Server({ pageSize: 2, region: 'eu-test-1', sessionToken: 'a/session+token=' })
})

afterEach(() => {
  server.fault = null
  vi.restoreAllMocks()
})

afterAll(() => server.stop())

function open(options: StoreOptions = {}, prefix: string = randomUUID()): Promise<ObjectStore> {
  const { s3, ...limits } = options
  return openStore(`s3://${server.bucket}/${prefix}`, { s3: { ...server.options, ...s3 }, timeoutMs: 2_000, ...limits })
}

conformanceSuite('S3 with the bucket in the path', () => open())

conformanceSuite('S3 with the bucket in the host name', async () => {
  resolveEveryNameToLoopback()
  const endpoint = server.endpoint.replace('127.0.0.1', 's3.test')
  return open({ s3: { ...server.options, endpoint, addressing: 'virtual' } })
})

/** Stands for the wildcard DNS record that this style of address needs. */
function resolveEveryNameToLoopback(): void {
  const lookup = (_name: string, _options: object, done: (error: null, found: object[]) => void) =>
    process.nextTick(done, null, [{ address: '127.0.0.1', family: 4 }])
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup)
}

describe('the S3 store', () => {
  it('keeps its prefix to itself', async () => {
    const [a, b] = [await open({}, 'deploy/a'), await open({}, 'deploy/ab')]
    await a.put(input, Buffer.from('a'), png)
    await b.put(input, Buffer.from('b'), png)
    expect(server.objects.get(`deploy/a/${input}`)?.contentType).toBe('image/png')
    expect(await a.deletePrefix('')).toBe(1)
    expect(await b.head(input)).not.toBeNull()
  })

  it('passes over objects that it cannot have written', async () => {
    const store = await open({}, 'shared')
    await store.put(input, Buffer.from('a'), png)
    for (const foreign of ['shared/tenants/', 'shared/tenants/a & b <c>.png']) {
      server.objects.set(foreign, { bytes: Buffer.from('x'), contentType: '', etag: '""', modifiedAt: new Date() })
    }
    expect(await store.deletePrefix('tenants/')).toBe(1)
    expect(server.objects.has('shared/tenants/a & b <c>.png')).toBe(true)
  })

  it.each<[string, Partial<StoreOptions['s3']>]>([
    ['a wrong secret', { secretAccessKey: 'wrong' }],
    ['a wrong key', { accessKeyId: 'wrong' }],
    ['a wrong region', { region: 'us-east-1' }],
    ['a missing session token', { sessionToken: undefined }],
  ])('fails at once with %s', async (_, s3) => {
    const store = await open({ s3: { ...server.options, ...s3 } })
    const before = server.arrivals.length
    await expect(store.put(input, Buffer.from('x'), png)).rejects.toThrow(/storage failed to write .*: 403/)
    await expect(store.check()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(server.arrivals.length - before).toBe(2)
  })

  it('reports a bucket that is not there', async () => {
    const store = await openStore('s3://no-such-bucket', { s3: server.options })
    await expect(store.get(input)).rejects.toThrow('404 NoSuchBucket')
    await expect(store.check()).rejects.toBeInstanceOf(StorageUnavailable)
  })

  it('never puts its secret into an error', async () => {
    const store = await open({ s3: { ...server.options, accessKeyId: 'wrong' } })
    const error = await store.read(input).catch((thrown: unknown) => thrown)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(server.options.secretAccessKey)
  })

  describe('signed URLs', () => {
    const signing = { expiresSeconds: 60, filename: 'job-0.png', contentType: 'image/png' }

    it('are read by anybody, with a file name', async () => {
      const store = await open({ s3: { ...server.options, publicEndpoint: server.endpoint } })
      const bytes = randomBytes(1000)
      await store.put(input, bytes, png)
      const url = (await store.signedUrl(input, signing)) ?? ''
      const response = await fetch(url)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-disposition')).toBe('inline;filename="job-0.png"')
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
      expect((await fetch(url.replace('job-0.png', 'job-1.png'))).status).toBe(403)
    })

    it('end', async () => {
      const store = await open({ s3: { ...server.options, publicEndpoint: server.endpoint } })
      await store.put(input, Buffer.from('x'), png)
      const url = (await store.signedUrl(input, { expiresSeconds: 1 })) ?? ''
      expect((await fetch(url)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 2_100))
      expect((await fetch(url)).status).toBe(403)
    })

    it('are not offered without a public endpoint', async () => {
      expect(await (await open()).signedUrl(input, signing)).toBeNull()
    })

    it.each([{ expiresSeconds: 0 }, { expiresSeconds: 604_801 }, { expiresSeconds: 60, filename: 'a"b' }])(
      'are refused for %j',
      async (options) => {
        await expect((await open()).signedUrl(input, options)).rejects.toBeInstanceOf(TypeError)
      },
    )
  })

  it('lets the first of two writers win even when the answer to the first was lost', async () => {
    const store = await open()
    const arrivals = server.arrivals.length
    server.fault = ({ number }) => (number === arrivals + 1 ? { kind: 'lost' } : undefined)
    expect(await store.put(input, Buffer.from('mine'), { ...png, ifNoneMatch: true })).toBe('stored')
    expect(await store.put(input, Buffer.from('other'), { ...png, ifNoneMatch: true })).toBe('exists')
    expect(Buffer.from((await store.read(input)) ?? []).toString()).toBe('mine')
  })

  it('streams what it has when the reader is slow', async () => {
    const store = await open({ timeoutMs: 300 })
    await store.put(input, randomBytes(3_000_000), png)
    const object = await store.get(input)
    if (object === null) throw new Error('missing')
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await readWhole(object, 5_000)).toHaveLength(3_000_000)
  })
})
