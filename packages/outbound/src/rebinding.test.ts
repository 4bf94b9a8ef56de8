import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOutbound, type Outbound } from './index.ts'
import { type DnsServer, startDnsServer } from './testing/dns-server.ts'
import { startServer, type TestServer } from './testing/http-server.ts'

// Two servers on one port: what stands on 127.0.0.2 is what the operator lets out to, what stands on 127.0.0.1 is not.
const OUTSIDE = '127.0.0.2'
const INSIDE = '127.0.0.1'
const limits = { timeoutMs: 2_000, maxBytes: 100, allowHttp: true }
const posting = { timeoutMs: 2_000, allowHttp: true, headers: { connection: 'close' }, body: '' }

let inside: TestServer
let outside: TestServer
let dns: DnsServer
let outbound: Outbound

beforeEach(async () => {
  inside = await startServer((_request, response) => response.end('secret'))
  outside = await startServer(
    (request, response) => {
      if (request.url !== '/redirect') response.end('open')
      else response.writeHead(302, { location: `http://rebind.evil.test:${inside.port}/stolen` }).end()
    },
    { host: OUTSIDE, port: inside.port },
  )
})

afterEach(async () => {
  await outbound.close()
  await dns.close()
  await inside.close()
  await outside.close()
})

async function open(answer: (name: string, n: number) => string[] | null): Promise<void> {
  dns = await startDnsServer(answer)
  outbound = createOutbound({ allow: [OUTSIDE], ports: [inside.port], resolve: dns.resolve })
}

describe('a name server that changes its answer', () => {
  it('is asked once a connection, and what it said first is dialled', async () => {
    await open((_, n) => [n === 1 ? OUTSIDE : INSIDE])
    const { bytes } = await outbound.fetchBytes(`http://rebind.evil.test:${inside.port}/`, limits)
    expect(Buffer.from(bytes).toString()).toBe('open')
    expect(dns.questions).toEqual(['rebind.evil.test'])
    expect(inside.hits).toEqual([])
  })

  it('is refused on the next connection', async () => {
    await open((_, n) => [n === 1 ? OUTSIDE : INSIDE])
    const url = `http://rebind.evil.test:${inside.port}/`
    expect(await outbound.post(url, posting)).toMatchObject({ status: 200, body: 'open' })
    await expect(outbound.post(url, posting)).rejects.toMatchObject({ code: 'address_refused' })
    expect(dns.questions).toHaveLength(2)
    expect(inside.hits).toEqual([])
  })

  it.each([
    [OUTSIDE, INSIDE],
    [INSIDE, OUTSIDE],
    [OUTSIDE, OUTSIDE, '10.0.0.1'],
  ])('is refused with %s beside %s', async (...addresses) => {
    await open(() => addresses)
    const fetched = outbound.fetchBytes(`http://mixed.evil.test:${inside.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'address_refused' })
    expect([...inside.hits, ...outside.hits]).toEqual([])
  })

  it('is refused after a redirect', async () => {
    await open((name) => [name === 'ally.test' ? OUTSIDE : INSIDE])
    const fetched = outbound.fetchBytes(`http://ally.test:${inside.port}/redirect`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'address_refused' })
    expect(outside.hits).toEqual(['GET /redirect'])
    expect(inside.hits).toEqual([])
  })

  it('keeps nobody else waiting when it does not answer', async () => {
    await open((name) => (name.startsWith('silent') ? null : [OUTSIDE]))
    const silent = Array.from({ length: 20 }, (_, i) =>
      outbound.post(`http://silent-${i}.evil.test:${inside.port}/`, { ...posting, timeoutMs: 800 }),
    )
    const refused = Promise.allSettled(silent)
    const start = performance.now()
    const { bytes } = await outbound.fetchBytes(`http://ally.test:${inside.port}/`, limits)
    expect(Buffer.from(bytes).toString()).toBe('open')
    expect(performance.now() - start).toBeLessThan(500)
    for (const one of await refused) expect(one).toMatchObject({ reason: { code: 'timeout' } })
  })

  it('is no help when it knows no address', async () => {
    await open(() => [])
    const fetched = outbound.fetchBytes(`http://nowhere.test:${inside.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'host_unknown' })
  })
})
