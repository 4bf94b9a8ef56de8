import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { blockListOf, isPublicAddress } from './public-address.ts'

// First and last address of each special range, and their neighbours outside.
const SPECIAL = `
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.0.0.1 127.255.255.255
169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255
192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255
203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255
:: ::1 ::2 ::7f00:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1
64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 1fff:ffff::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1ff:ffff::1
2001:db8::1 2002::1 2002:7f00:1::1 2002:a00:1::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1
fe80::1 fe80::1%eth0 febf::1 fec0::1 ff00::1 ff02::1 2606:4700:4700::1111%1
`
const PUBLIC = `
1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2001:db9::1 2001:ffff::1 2003::1 2606:4700:4700::1111 2a00::1
3ffe:ffff::1 3fff:1000::1
`
const words = (text: string) => text.trim().split(/\s+/)

describe('isPublicAddress', () => {
  it.each(words(SPECIAL))('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(words(PUBLIC))('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '1.2.3.4.5', '[::1]', '8.8.8.8 ', '8.8.8.8/32'])(
    'refuses %j, which is no address',
    (text) => {
      expect(isPublicAddress(text)).toBe(false)
    },
  )

  it('accepts no IPv6 address that carries an IPv4 one in a known way', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const carriers = [`::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `2001:0:${hex}::1`]
        for (const carrier of carriers) expect(isPublicAddress(carrier)).toBe(false)
      }),
    )
  })
})

describe('isPublicAddress beside ipaddr.js', () => {
  const runs = { numRuns: 5_000 }

  it('agrees on every IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(address)).toBe(ipaddr.parse(address).range() === 'unicast')
      }),
      runs,
    )
  })

  it('accepts no IPv6 address that it calls special', () => {
    const nearSpecial = fc
      .tuple(
        fc.constantFrom(
          '2001',
          '2002',
          '2003',
          '3fff',
          '3ffe',
          '64',
          '100',
          '5f00',
          'fc00',
          'fe80',
          'fec0',
          'ff02',
          '0',
        ),
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 }),
      )
      .map(([first, rest]) => [first, ...rest.map((group) => group.toString(16))].join(':'))
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), nearSpecial), (address) => {
        if (isPublicAddress(address)) expect(ipaddr.parse(address).range()).toBe('unicast')
      }),
      runs,
    )
  })
})

describe('blockListOf', () => {
  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/8/8', '10.0.0', 'fd00::/129', 'fe80::%1/64', ''])(
    'refuses %j',
    (range) => {
      expect(() => blockListOf([range])).toThrow('not an address range')
    },
  )

  it('takes ranges and single addresses of both kinds', () => {
    const list = blockListOf(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1'])
    expect(list.check('10.1.2.3')).toBe(true)
    expect(list.check('192.168.1.7')).toBe(true)
    expect(list.check('192.168.1.8')).toBe(false)
    expect(list.check('fd12::1', 'ipv6')).toBe(true)
    expect(list.check('::2', 'ipv6')).toBe(false)
  })
})
