import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutbound, type Outbound, type OutboundCode, OutboundError } from './index.ts'
import { startServer, type TestServer } from './testing/http-server.ts'

/** Names that a hostile name server answers with addresses inside. */
const NAMES: Record<string, string[]> = {
  'loopback.evil.test': ['127.0.0.1'],
  'loopback6.evil.test': ['::1'],
  'zero.evil.test': ['0.0.0.0'],
  'any6.evil.test': ['::'],
  'metadata.google.internal': ['169.254.169.254'],
  'metadata6.evil.test': ['fd00:ec2::254'],
  'ten.evil.test': ['10.0.0.1'],
  'cgnat.evil.test': ['100.64.0.1'],
  'private172.evil.test': ['172.16.0.1'],
  'private192.evil.test': ['192.168.0.1'],
  'benchmark.evil.test': ['198.18.0.1'],
  'multicast.evil.test': ['224.0.0.1'],
  'broadcast.evil.test': ['255.255.255.255'],
  'mapped.evil.test': ['::ffff:127.0.0.1'],
  'mapped-public.evil.test': ['::ffff:8.8.8.8'],
  'nat64.evil.test': ['64:ff9b::7f00:1'],
  'nat64-local.evil.test': ['64:ff9b:1::7f00:1'],
  'sixtofour.evil.test': ['2002:7f00:1::1'],
  'teredo.evil.test': ['2001:0:7f00:1::1'],
  'compatible.evil.test': ['::7f00:1'],
  'linklocal6.evil.test': ['fe80::1'],
  'zone.evil.test': ['fe80::1%lo'],
  'unique-local.evil.test': ['fd12:3456::1'],
  'documentation6.evil.test': ['2001:db8::1'],
  'mixed-last.evil.test': ['93.184.216.34', '127.0.0.1'],
  'mixed-first.evil.test': ['127.0.0.1', '93.184.216.34'],
  'mixed-six.evil.test': ['93.184.216.34', '::1'],
  'mixed-many.evil.test': ['93.184.216.34', '93.184.216.35', '93.184.216.36', '10.0.0.1'],
  'empty.evil.test': [],
  'nonsense.evil.test': ['not-an-address'],
  '127.0.0.1.nip.evil.test': ['127.0.0.1'],
  redis: ['127.0.0.1'],
  'xn--lcalhost-54a.evil.test': ['127.0.0.1'],
  'trailing.evil.test.': ['127.0.0.1'],
  'under_score.evil.test': ['127.0.0.1'],
}

// PORT is that of a server inside, which the client's list of ports allows: only the address can keep it away.
const INSIDE = `
http://127.0.0.1:PORT/ https://127.0.0.1:PORT/ http://127.0.0.1.:PORT/ http://127.1:PORT/ http://127.0.1:PORT/
http://2130706433:PORT/ http://0x7f000001:PORT/ http://0x7f.0.0.1:PORT/ http://0x7f.1:PORT/ http://0x7F.0X0.0x0.0x1:PORT/
http://0177.0.0.1:PORT/ http://0177.0.0.01:PORT/ http://017700000001:PORT/ http://0000177.0.0.1:PORT/
http://127.0.0x1:PORT/ http://127.0x1:PORT/ http://0:PORT/ http://0.0.0.0:PORT/ http://0x0:PORT/ http://00:PORT/
http://127.0.0.2:PORT/ http://127.127.127.127:PORT/ http://127.255.255.254:PORT/
http://%31%32%37.0.0.1:PORT/ http://127%2e0%2e0%2e1:PORT/ http://%30x7f000001:PORT/
http://127。0。0。1:PORT/ http://127．0．0．1:PORT/ http://127｡0｡0｡1:PORT/ http://１２７.0.0.1:PORT/ http://①②⑦.0.0.1:PORT/
http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:PORT/ http://0ｘ7f000001:PORT/
http://[::1]:PORT/ http://[0:0:0:0:0:0:0:1]:PORT/ http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/ http://[::]:PORT/
http://[::127.0.0.1]:PORT/ http://[::7f00:1]:PORT/ http://[::ffff:127.0.0.1]:PORT/ http://[::ffff:7f00:1]:PORT/
http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/ http://[::FFFF:127.0.0.1]:PORT/ http://[::ffff:0:127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/ http://[64:ff9b::7f00:1]:PORT/ http://[64:ff9b:1::7f00:1]:PORT/
http://[2002:7f00:1::]:PORT/ http://[2002:7f00:0001::1]:PORT/ http://[2001:0:7f00:1::]:PORT/
http://[fe80::1]:PORT/ http://[fec0::1]:PORT/ http://[fc00::1]:PORT/ http://[fd00:ec2::254]:PORT/ http://[ff02::1]:PORT/
http://[2001:db8::1]:PORT/ http://[3fff::1]:PORT/ http://[100::1]:PORT/ http://[5f00::1]:PORT/ http://[::ffff:8.8.8.8]:PORT/
http://168.63.129.16/machine/ http://169.254.169.254/latest/meta-data/ http://2852039166/ http://0xa9fea9fe/ http://0251.0376.0251.0376/
http://169.254.43518/ http://[::ffff:169.254.169.254]/ http://[::ffff:a9fe:a9fe]/ http://[64:ff9b::a9fe:a9fe]/
http://10.0.0.1/ http://10.1/ http://167772161/ http://012.0.0.1/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.0.1/
http://192.168.1/ http://100.64.0.1/ http://198.18.0.1/ http://192.0.2.1/ http://198.51.100.1/ http://203.0.113.1/
http://192.0.0.192/ http://192.88.99.1/ http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://0.1.2.3/
http://localhost:PORT/ http://LOCALHOST:PORT/ http://localhost.:PORT/ http://api.localhost:PORT/ http://ｌｏｃａｌｈｏｓｔ:PORT/
http://loc\u00adalhost:PORT/ http://LocalHost:PORT/#@example.com
http://127.0.0.1:PORT\\@example.com/ http:\\\\127.0.0.1:PORT\\
http:127.0.0.1:PORT/ http:/127.0.0.1:PORT/ http:///127.0.0.1:PORT/ http:////127.0.0.1:PORT/
http://127.0.0.1:PORT?@example.com/ http://127.0.0.1:PORT#@example.com/ HTTP://127.0.0.1:PORT/
`
  .trim()
  .split(/\s+/)
  .map((url) => url.replace('\\u00ad', '\u00ad'))

const SPACED = [
  '  http://127.0.0.1:PORT/',
  'http://127.0.0.1:PORT/\n',
  'ht\ntp://127.0.0.1:PORT/',
  'http://127.0\t.0.1:PORT/',
]

const MALFORMED: [string, OutboundCode][] = [
  ['', 'url_invalid'],
  ['/', 'url_invalid'],
  ['//127.0.0.1:PORT/', 'url_invalid'],
  ['127.0.0.1:PORT', 'url_invalid'],
  ['localhost:PORT/', 'scheme_refused'],
  ['http://', 'url_invalid'],
  ['http://:PORT/', 'url_invalid'],
  ['http://127.0.0.1:99999/', 'url_invalid'],
  ['http://127.0.0.1:-1/', 'url_invalid'],
  ['http://127.0.0.256/', 'url_invalid'],
  ['http://1.2.3.4.5/', 'url_invalid'],
  ['http://[::1/', 'url_invalid'],
  ['http://[fe80::1%25lo]:PORT/', 'url_invalid'],
  ['http://127.0.0.1 :PORT/', 'url_invalid'],
  ['http://exa mple.com/', 'url_invalid'],
  ['http://example.com%00.evil.test/', 'url_invalid'],
  ['http://example.com%2f@evil.test/', 'credentials_refused'],
  [`http://example.com/${'a'.repeat(3000)}`, 'url_invalid'],
  ['file:///etc/passwd', 'scheme_refused'],
  ['file://127.0.0.1/etc/passwd', 'scheme_refused'],
  ['ftp://127.0.0.1:PORT/', 'scheme_refused'],
  ['gopher://127.0.0.1:PORT/_', 'scheme_refused'],
  ['dict://127.0.0.1:PORT/', 'scheme_refused'],
  ['ldap://127.0.0.1:PORT/', 'scheme_refused'],
  ['ws://127.0.0.1:PORT/', 'scheme_refused'],
  ['unix:///var/run/docker.sock', 'scheme_refused'],
  ['data:image/png;base64,AAAA', 'scheme_refused'],
  ['blob:http://127.0.0.1:PORT/x', 'scheme_refused'],
  ['javascript:alert(1)', 'scheme_refused'],
  ['view-source:http://127.0.0.1:PORT/', 'scheme_refused'],
  ['jar:http://127.0.0.1:PORT/!/', 'scheme_refused'],
  // A backslash is a slash: this asks example.com, which has no address here.
  ['http://example.com\\@127.0.0.1:PORT/', 'host_unknown'],
  ['http://user@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://user:password@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://example.com@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://example.com:80@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://a@b@127.0.0.1:PORT/', 'credentials_refused'],
  ['http://93.184.216.34:22/', 'port_refused'],
  ['http://93.184.216.34:25/', 'port_refused'],
  ['http://93.184.216.34:6379/', 'port_refused'],
  ['http://93.184.216.34:0/', 'port_refused'],
  ['https://[2606:4700:4700::1111]:11211/', 'port_refused'],
]

let inside: TestServer
let outbound: Outbound

beforeAll(async () => {
  inside = await startServer((_request, response) => response.end('secret'))
  outbound = clientAllowing([])
})

afterAll(async () => {
  await outbound.close()
  await inside.close()
})

function clientAllowing(allow: string[]): Outbound {
  return createOutbound({
    allow,
    ports: [80, 443, inside.port],
    connectTimeoutMs: 500,
    resolve: async (name) => (NAMES[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  })
}

/** The error of reading a URL and of posting to it, which must be the same. */
async function refusalOf(template: string): Promise<OutboundError> {
  const url = template.replace('PORT', String(inside.port))
  const limits = { timeoutMs: 2_000, allowHttp: true }
  const errors = await Promise.all([
    outbound.fetchBytes(url, { ...limits, maxBytes: 100 }).catch((error: unknown) => error),
    outbound.post(url, { ...limits, headers: {}, body: '{}' }).catch((error: unknown) => error),
  ])
  for (const error of errors) expect(error).toBeInstanceOf(OutboundError)
  const [first, second] = errors as OutboundError[]
  expect(first?.code).toBe(second?.code)
  return first as OutboundError
}

describe('hostile URLs', () => {
  it('are at least 120', () => {
    expect(INSIDE.length + SPACED.length + MALFORMED.length + Object.keys(NAMES).length).toBeGreaterThanOrEqual(120)
  })

  it.each([...INSIDE, ...SPACED])('refuses %j', async (url) => {
    expect(await refusalOf(url)).toMatchObject({ code: 'address_refused' })
    expect(inside.hits).toEqual([])
  })

  it.each(Object.keys(NAMES))('refuses the name %j', async (name) => {
    const error = await refusalOf(`http://${name}:PORT/`)
    expect(error.code).toMatch(/^(address_refused|host_unknown)$/)
    expect(error.publicReason).toBe('the host has no public address and is not in OUTBOUND_ALLOW')
    expect(inside.hits).toEqual([])
  })

  it.each(MALFORMED)('refuses %j as %s', async (url, code) => {
    expect(await refusalOf(url)).toMatchObject({ code })
    expect(inside.hits).toEqual([])
  })

  it('would reach the server inside by most of these forms, were it allowed', async () => {
    const open = clientAllowing(['127.0.0.0/8', 'localhost'])
    const reached: string[] = []
    for (const template of [...INSIDE, ...SPACED].filter((url) => url.includes('PORT') && !url.startsWith('https'))) {
      const url = template.replace('PORT', String(inside.port))
      const answer = await open.fetchBytes(url, { timeoutMs: 500, maxBytes: 100, allowHttp: true }).catch(() => null)
      if (answer !== null) reached.push(template)
    }
    await open.close()
    inside.hits.length = 0
    expect(reached.length).toBeGreaterThan(40)
  })
})
