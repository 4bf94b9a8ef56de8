import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createOutbound, type Outbound } from './index.ts'
import { startServer, type TestServer } from './testing/http-server.ts'

const limits = { timeoutMs: 2_000, maxBytes: 100, allowHttp: true }

let server: TestServer
let outbound: Outbound
/** What the server redirects to, to the byte. */
let location: Buffer
const asked: string[] = []

beforeAll(async () => {
  server = await startServer((request, response) => {
    if (request.url !== '/dir/first') return void response.end('here')
    const head = Buffer.from('HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ')
    response.socket?.end(Buffer.concat([head, location, Buffer.from('\r\n\r\n')]))
  })
  outbound = createOutbound({
    allow: ['127.0.0.1'],
    ports: [80, 443, server.port],
    resolve: async (name) => {
      asked.push(name)
      return name === 'inside.test' ? [{ address: '10.0.0.1', family: 4 }] : [{ address: '127.0.0.1', family: 4 }]
    },
  })
})

beforeEach(() => {
  server.hits.length = 0
  asked.length = 0
})

afterAll(async () => {
  await outbound.close()
  await server.close()
})

function follow(to: string | Buffer) {
  location = Buffer.from(typeof to === 'string' ? to.replace('PORT', String(server.port)) : to)
  return outbound.fetchBytes(`http://127.0.0.1:${server.port}/dir/first`, limits)
}

const latin = (text: string) => Buffer.from(text, 'latin1')

it.each<[string | Buffer, string]>([
  ['/café/日本?q=ü', '/caf%C3%A9/%E6%97%A5%E6%9C%AC?q=%C3%BC'],
  ['größe.png', '/dir/gr%C3%B6%C3%9Fe.png'],
  ['../é/./ü/../ö', '/%C3%A9/%C3%B6'],
  ['?é#ü', '/dir/first?%C3%A9'],
  ['/🍓.png', '/%F0%9F%8D%93.png'],
  ['/%C3%A9', '/%C3%A9'],
  ['/100%/%zz', '/100%/%zz'],
  ['/a b', '/a%20b'],
  ['  /spaced\t', '/spaced'],
  ['/a\tb', '/ab'],
  ['two\\é', '/dir/two/%C3%A9'],
  ['/"<é>`{|}', '/%22%3C%C3%A9%3E%60%7B|%7D'],
  [latin('/caf\u00e9?q=\u00fc'), '/caf%E9?q=%FC'],
  ['//127.0.0.1:PORT/é', '/%C3%A9'],
  ['\\\\127.0.0.1:PORT\\é', '/%C3%A9'],
  ['http:\\\\127.0.0.1:PORT\\é', '/%C3%A9'],
  ['http://１２７.0.0.1:PORT/é', '/%C3%A9'],
])('what Location says in bytes is asked for as browsers do: %s', async (to, path) => {
  await follow(to)
  expect(server.hits).toEqual(['GET /dir/first', `GET ${path}`])
})

it('a host that Location names in raw UTF-8 is asked for by its ASCII name', async () => {
  await follow('http://bücher.日本.test:PORT/')
  expect(asked).toEqual(['xn--bcher-kva.xn--wgv71a.test'])
  expect(server.hits).toHaveLength(2)
})

it.each<[string | Buffer, string]>([
  ['http://１０.0.0.1/é', 'address_refused'],
  ['//①⑥⑨.254.169.254/é', 'address_refused'],
  ['http://127。0。0。2/é', 'address_refused'],
  ['http:\\\\10.0.0.1\\é', 'address_refused'],
  ['\\\\10.0.0.1\\é', 'address_refused'],
  ['/\\10.0.0.1/é', 'address_refused'],
  ['http://ｌｏｃａｌｈｏｓｔ/é', 'address_refused'],
  ['http://loc\u00adalhost/é', 'address_refused'],
  ['http://ｉnside.test/é', 'address_refused'],
  ['http://[::ffff:１０.0.0.1]/', 'url_invalid'],
  ['http://é@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://127.0.0.1:PORT＠10.0.0.1/', 'url_invalid'],
  ['http://8.8.8.8:22/é', 'port_refused'],
  ['file:///é', 'scheme_refused'],
  [latin('http://caf\u00e9.test/'), 'url_invalid'],
  [`/${'é'.repeat(1000)}`, 'url_invalid'],
])('a Location in bytes is held to the same rules: %s is refused', async (to, code) => {
  await expect(follow(to)).rejects.toMatchObject({ code })
  expect(server.hits).toEqual(['GET /dir/first'])
})
