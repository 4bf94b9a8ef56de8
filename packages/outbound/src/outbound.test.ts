import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAllowEntry } from './allow-list.ts'
import { createOutbound, type Outbound } from './index.ts'
import { startServer, type TestServer } from './testing/http-server.ts'

const limits = { timeoutMs: 2_000, maxBytes: 1_000, allowHttp: true }

let server: TestServer
let outbound: Outbound

beforeAll(async () => {
  server = await startServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host')
    switch (url.pathname) {
      case '/bytes':
        response.setHeader('content-type', 'image/png')
        return void response.end(Buffer.alloc(Number(url.searchParams.get('n')), 7))
      case '/chunked':
        for (let i = 0; i < 100; i++) response.write(Buffer.alloc(100))
        return void response.end()
      case '/to':
        return void response.writeHead(302, { location: url.searchParams.get('location') ?? '' }).end('elsewhere')
      case '/status':
        return void response.writeHead(Number(url.searchParams.get('code')), { 'retry-after': '7' }).end('as asked')
      case '/gzip':
        return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(500)))
      case '/hang':
        return
      case '/drip':
        response.write('x')
        return void setInterval(() => response.write('x'), 50).unref()
      case '/drip-headers':
        request.socket.write('HTTP/1.1 200 OK\r\n')
        return void setInterval(() => request.socket.write('x: y\r\n'), 50).unref()
      case '/informed':
        return void setInterval(() => request.socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 20).unref()
      case '/cut':
        response.writeHead(200, { 'content-length': 500 })
        return void response.write(Buffer.alloc(100), () => request.socket.destroy())
      case '/endless-header':
        return void request.socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)
      case '/echo':
        response.setHeader('x-method', request.method ?? '')
        response.setHeader('x-agent', request.headers['user-agent'] ?? '')
        return void request.pipe(response)
      default:
        return void response.writeHead(404).end()
    }
  })
  outbound = createOutbound({ allow: ['127.0.0.1'] })
})

afterEach(() => {
  server.hits.length = 0
  vi.unstubAllEnvs()
})

afterAll(async () => {
  await outbound.close()
  await server.close()
})

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`
const to = (location: string) => at(`/to?location=${encodeURIComponent(location)}`)

describe('reading', () => {
  it('gives the bytes, their type and where they came from', async () => {
    const fetched = await outbound.fetchBytes(at('/bytes?n=1000'), limits)
    expect(fetched).toMatchObject({ contentType: 'image/png', url: at('/bytes?n=1000') })
    expect(Buffer.from(fetched.bytes).equals(Buffer.alloc(1000, 7))).toBe(true)
  })

  it.each(['/bytes?n=1001', '/chunked'])('stops at the size limit: %s', async (path) => {
    await expect(outbound.fetchBytes(at(path), limits)).rejects.toMatchObject({ code: 'too_large' })
  })

  it.each(['/hang', '/drip', '/drip-headers', '/informed'])('stops at the time limit: %s', async (path) => {
    const start = performance.now()
    const fetched = outbound.fetchBytes(at(path), { ...limits, timeoutMs: 300 })
    await expect(fetched).rejects.toMatchObject({ code: 'timeout' })
    expect(performance.now() - start).toBeLessThan(1_500)
  })

  it('stops at the time limit although all connections to the server are taken', async () => {
    const narrow = createOutbound({ allow: ['127.0.0.1'], connectionsPerOrigin: 1 })
    const start = performance.now()
    const fetched = await Promise.allSettled(
      [1, 2, 3, 4].map(() => narrow.fetchBytes(at('/hang'), { ...limits, timeoutMs: 300 })),
    )
    for (const one of fetched) expect(one).toMatchObject({ reason: { code: 'timeout' } })
    expect(performance.now() - start).toBeLessThan(600)
    await narrow.close()
  })

  it.each([
    ['/cut', 'interrupted'],
    ['/gzip', 'encoding_refused'],
    ['/status?code=404', 'status_refused'],
    ['/status?code=204', 'status_refused'],
  ])('is no success: %s', async (path, code) => {
    await expect(outbound.fetchBytes(at(path), limits)).rejects.toMatchObject({ code })
  })

  it('refuses endless headers', async () => {
    await expect(outbound.fetchBytes(at('/endless-header'), limits)).rejects.toThrow()
  })

  it('tells the status of a refusal', async () => {
    await expect(outbound.fetchBytes(at('/status?code=403'), limits)).rejects.toMatchObject({ status: 403 })
  })

  it('says that a closed port cannot be reached', async () => {
    const gone = await startServer(() => {})
    await gone.close()
    const fetched = outbound.fetchBytes(`http://127.0.0.1:${gone.port}/`, limits)
    await expect(fetched).rejects.toMatchObject({
      code: 'connect_failed',
      publicReason: 'the server cannot be reached',
    })
  })
})

describe('redirects', () => {
  it('are followed when each target is allowed', async () => {
    const fetched = await outbound.fetchBytes(to(to('/bytes?n=5')), limits)
    expect(fetched).toMatchObject({ url: at('/bytes?n=5') })
    expect(server.hits).toHaveLength(3)
  })

  it.each([
    ['http://127.0.0.2/', 'address_refused'],
    ['http://[::1]/', 'address_refused'],
    ['//10.0.0.1/', 'address_refused'],
    ['http://169.254.169.254/', 'address_refused'],
    ['file:///etc/passwd', 'scheme_refused'],
    ['http://user@127.0.0.1/', 'credentials_refused'],
    ['http://8.8.8.8:22/', 'port_refused'],
    ['http://[', 'url_invalid'],
  ])('to %s are refused', async (location, code) => {
    await expect(outbound.fetchBytes(to(location), limits)).rejects.toMatchObject({ code })
    expect(server.hits).toHaveLength(1)
  })

  it('are counted', async () => {
    const three = to(to(to('/bytes?n=5')))
    expect((await outbound.fetchBytes(three, limits)).bytes).toHaveLength(5)
    await expect(outbound.fetchBytes(to(three), limits)).rejects.toMatchObject({ code: 'too_many_redirects' })
    await expect(outbound.fetchBytes(to('/x'), { ...limits, maxRedirects: 0 })).rejects.toMatchObject({
      code: 'too_many_redirects',
    })
  })

  it('share one time limit', async () => {
    const fetched = outbound.fetchBytes(to('/hang'), { ...limits, timeoutMs: 300 })
    await expect(fetched).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('posting', () => {
  const posting = {
    headers: { 'content-type': 'text/plain', 'x-id': '1' },
    body: 'hello',
    timeoutMs: 2_000,
    allowHttp: true,
  }

  it('sends the body as it is and gives the answer', async () => {
    const answer = await outbound.post(at('/echo'), posting)
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(answer.headers).toMatchObject({ 'x-method': 'POST', 'x-agent': 'Pentimento' })
  })

  it('follows no redirect', async () => {
    expect(await outbound.post(to('/echo'), posting)).toMatchObject({ status: 302 })
    expect(server.hits).toHaveLength(1)
  })

  it('gives every status with its headers', async () => {
    const answer = await outbound.post(at('/status?code=429'), posting)
    expect(answer).toMatchObject({ status: 429, body: 'as asked' })
    expect(answer.headers['retry-after']).toBe('7')
  })

  it('keeps the beginning of a long answer', async () => {
    const answer = await outbound.post(at('/bytes?n=900000'), posting)
    expect(answer.body).toBe('\x07'.repeat(1024))
  })

  it('counts the status of an answer that never ends', async () => {
    expect(await outbound.post(at('/drip'), { ...posting, timeoutMs: 300 })).toMatchObject({ status: 200 })
  })

  it.each(['/hang', '/drip-headers', '/informed'])('stops waiting for an answer: %s', async (path) => {
    await expect(outbound.post(at(path), { ...posting, timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' })
  })

  it('takes no plain http unless told', async () => {
    await expect(outbound.post(at('/echo'), { ...posting, allowHttp: false })).rejects.toMatchObject({
      code: 'scheme_refused',
    })
    expect(server.hits).toEqual([])
  })
})

describe('the client', () => {
  it('uses no proxy of the environment', async () => {
    const proxy = await startServer((_request, response) => response.end('proxied'))
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
    const fresh = createOutbound({ allow: ['127.0.0.1'] })
    expect((await fresh.fetchBytes(at('/bytes?n=5'), limits)).bytes).toHaveLength(5)
    expect(proxy.hits).toEqual([])
    await fresh.close()
    await proxy.close()
  })

  it('checks URLs without a request', () => {
    expect(outbound.checkUrl('https://hooks.example.com/x').href).toBe('https://hooks.example.com/x')
    expect(() => outbound.checkUrl('http://hooks.example.com/')).toThrow('https://')
    expect(() => outbound.checkUrl('https://192.168.0.1/')).toThrow('no public address')
    expect(outbound.checkUrl('http://hooks.example.com:8080/', { allowHttp: true }).port).toBe('8080')
  })

  it.each(['10.0.0.0/33', 'http://host', '*.example.com', '10.0.0', 'a b', ''])('refuses %j to allow', (entry) => {
    expect(() => createOutbound({ allow: [entry] })).toThrow(TypeError)
    expect(isAllowEntry(entry)).toBe(false)
  })

  it.each(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1', 'hooks', 'Hooks.example.internal'])('takes %j', (entry) => {
    expect(isAllowEntry(entry)).toBe(true)
  })

  it('checks certificates', async () => {
    const file = (name: string) => readFileSync(new URL(`./fixtures/localhost-${name}.pem`, import.meta.url), 'utf8')
    const secure = createTlsServer({ cert: file('cert'), key: file('key') }, (_, response) => response.end('ok'))
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const { port } = secure.address() as AddressInfo
    const fetching = { timeoutMs: 2_000, maxBytes: 100 }
    const options = { allow: ['127.0.0.1'], resolve: async () => [{ address: '127.0.0.1', family: 4 }] }
    const client = createOutbound({ ...options, ports: [port] })
    const url = `https://hooks.test:${port}/`
    await expect(client.fetchBytes(url, fetching)).rejects.toMatchObject({ code: 'tls_failed' })
    const known = tls.getCACertificates('default')
    tls.setDefaultCACertificates([file('cert')])
    expect((await client.fetchBytes(url, fetching)).bytes).toHaveLength(2)
    await expect(client.fetchBytes(`https://other.test:${port}/`, fetching)).rejects.toMatchObject({
      code: 'tls_failed',
    })
    tls.setDefaultCACertificates(known)
    await client.close()
    secure.closeAllConnections()
    secure.close()
  })
})
