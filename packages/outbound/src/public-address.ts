import { BlockList, isIP } from 'node:net'

// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its updates), with multicast, the old 6to4 relays, and the
// public address at which Azure's virtual machines reach their host.
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

// Global unicast is 2000::/3 (RFC 4291). What it holds that is not global, or carries an IPv4 address inside:
// protocol assignments with Teredo (2001::/23), documentation, 6to4.
const GLOBAL_IPV6 = '2000::/3'
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const special = blockListOf([...SPECIAL_IPV4, ...SPECIAL_IPV6])
const globalIpv6 = blockListOf([GLOBAL_IPV6])

/**
 * Whether an address literal lies in the public internet. IPv4 addresses inside IPv6 ones (mapped, NAT64, 6to4, Teredo)
 * and addresses with a zone are never public here, whatever they carry.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4')
    case 6:
      return !address.includes('%') && globalIpv6.check(address, 'ipv6') && !special.check(address, 'ipv6')
    default:
      return false
  }
}

/** A list of address ranges such as `10.0.0.0/8`, or single addresses. Throws a `TypeError` for anything else. */
export function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const prefix = bits === undefined ? most : Number(bits)
    const wellFormed = bits === undefined || /^\d{1,3}$/.test(bits)
    if (version === 0 || address.includes('%') || rest.length > 0 || !wellFormed || prefix > most) {
      throw new TypeError(`not an address range: ${JSON.stringify(range)}`)
    }
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
