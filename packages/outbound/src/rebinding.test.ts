import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOutbound, type Outbound } from './index.ts'
import { type DnsServer, startDnsServer } from './testing/dns-server.ts'
import { startServer, type TestServer } from './testing/http-server.ts'

const PUBLIC = '93.184.216.34'
const limits = { timeoutMs: 600, maxBytes: 100, allowHttp: true }

let inside: TestServer
let dns: DnsServer
let outbound: Outbound

beforeEach(async () => {
  inside = await startServer((request, response) => {
    if (request.url !== '/redirect') response.end('secret')
    else response.writeHead(302, { location: `http://rebind.evil.test:${inside.port}/stolen` }).end()
  })
})

afterEach(async () => {
  await outbound.close()
  await dns.close()
  await inside.close()
})

async function open(answer: (name: string, n: number) => string[], allow: string[] = []): Promise<void> {
  dns = await startDnsServer(answer)
  outbound = createOutbound({ allow, ports: [inside.port], connectTimeoutMs: 300, resolve: dns.resolve })
}

describe('a name server that changes its answer', () => {
  it('is asked once a connection, and what it said first is dialled', async () => {
    await open((_, n) => (n === 1 ? [PUBLIC] : ['127.0.0.1']))
    const fetched = outbound.fetchBytes(`http://rebind.evil.test:${inside.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({
      code: expect.stringMatching(/^(connect_failed|timeout|interrupted)$/),
    })
    expect(dns.questions).toEqual(['rebind.evil.test'])
    expect(inside.hits).toEqual([])
  })

  it('is refused on the next connection', async () => {
    await open((_, n) => (n === 1 ? [PUBLIC] : ['127.0.0.1']))
    const url = `http://rebind.evil.test:${inside.port}/`
    await expect(outbound.post(url, { ...limits, headers: {}, body: '' })).rejects.toThrow()
    await expect(outbound.post(url, { ...limits, headers: {}, body: '' })).rejects.toMatchObject({
      code: 'address_refused',
    })
    expect(inside.hits).toEqual([])
  })

  it.each([
    [PUBLIC, '127.0.0.1'],
    ['127.0.0.1', PUBLIC],
    [PUBLIC, PUBLIC, '10.0.0.1'],
  ])('is refused with %s beside %s', async (...addresses) => {
    await open(() => addresses)
    const fetched = outbound.fetchBytes(`http://mixed.evil.test:${inside.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'address_refused' })
    expect(inside.hits).toEqual([])
  })

  it('is refused after a redirect', async () => {
    await open((name) => (name === 'ally.test' ? ['127.0.0.1'] : ['127.0.0.1']), ['ally.test'])
    const fetched = outbound.fetchBytes(`http://ally.test:${inside.port}/redirect`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'address_refused' })
    expect(inside.hits).toEqual(['GET /redirect'])
  })

  it('is heard when the operator allows its addresses', async () => {
    await open(() => ['127.0.0.1'], ['127.0.0.0/8'])
    const { bytes } = await outbound.fetchBytes(`http://ally.test:${inside.port}/`, limits)
    expect(Buffer.from(bytes).toString()).toBe('secret')
  })

  it('is no help when it knows no address', async () => {
    await open(() => [])
    const fetched = outbound.fetchBytes(`http://nowhere.test:${inside.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({ code: 'host_unknown' })
  })
})
