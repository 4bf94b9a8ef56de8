import { describe, expect, it } from 'vitest'
import { defaultPublicUrl, hostnameOf, isLoopbackHost, isLoopbackName, publicUrl } from './public-url.ts'

describe('PUBLIC_URL', () => {
  it.each([
    ['https://c.example/', 'https://c.example'],
    ['HTTPS://C.Example:443', 'https://c.example'],
    ['http://h/pentimento/', 'http://h/pentimento'],
    ['http://h:8080/a/b-c_d.e~f//', 'http://h:8080/a/b-c_d.e~f'],
    ['http://h/a/../b', 'http://h/b'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://bücher.example', 'http://xn--bcher-kva.example'],
  ])('%s is %s', (given, url) => {
    expect(publicUrl.parse(given)).toBe(url)
  })

  it.each([
    'images.example.com',
    'ftp://h',
    'http://',
    'https://h/?key=1',
    'https://h/?',
    'https://h/#top',
    'https://h/a#',
    'https://user@h',
    'https://user:password@h',
    'https://h/a b',
    'https://h/%61',
    'https://h/a//b',
    'https://h/{x}',
    '',
  ])('%s is none, and the sentence does not repeat it', (given) => {
    const [issue] = publicUrl.safeParse(given).error?.issues ?? []
    expect(issue?.message).toMatch(/^must be a URL such as .*without user, query and fragment/)
    expect(issue?.message).not.toContain('password')
  })

  it.each([
    ['127.0.0.1', 8080, 'http://127.0.0.1:8080'],
    ['::1', 8080, 'http://[::1]:8080'],
    ['0.0.0.0', 8080, 'http://localhost:8080'],
    ['0', 8080, 'http://localhost:8080'],
    ['::', 80, 'http://localhost'],
    ['0:0:0:0:0:0:0:0', 8080, 'http://localhost:8080'],
    ['fe80::1%eth0', 8080, 'http://localhost:8080'],
    ['MyBox.local', 8080, 'http://mybox.local:8080'],
  ])('of HOST=%s and PORT=%i is %s', (host, port, url) => {
    expect(defaultPublicUrl(host, port)).toBe(url)
  })
})

it.each([
  ['LOCALHOST:8080', 'localhost'],
  ['localhost.', 'localhost'],
  ['a.localhost:1', 'a.localhost'],
  ['127.1', '127.0.0.1'],
  ['0x7f.0.0.2:80', '127.0.0.2'],
  ['[0:0::1]:8080', '[::1]'],
])('%s names this machine: %s', (host, hostname) => {
  expect(hostnameOf(host)).toBe(hostname)
  expect(isLoopbackName(hostname)).toBe(true)
})

it.each(['evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', '10.0.0.1', '[::2]'])(
  '%s does not',
  (host) => {
    expect(isLoopbackName(hostnameOf(host) ?? '')).toBe(false)
  },
)

it('knows an address to listen on that only this machine can reach', () => {
  for (const host of ['127.0.0.1', '127.3.2.1', '::1', '0:0:0:0:0:0:0:1', 'localhost'])
    expect(isLoopbackHost(host), host).toBe(true)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'mybox', 'fe80::1%eth0', ''])
    expect(isLoopbackHost(host), host).toBe(false)
})

it.each(['', 'a b', 'x@localhost', 'localhost/', '[::1', 'localhost:99999', 'localhost:x', '%zz', 'http://localhost'])(
  '%j is no host',
  (host) => {
    expect(hostnameOf(host)).toBeNull()
  },
)
