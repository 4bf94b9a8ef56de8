import { isIP } from 'node:net'
import { blockListOf } from './public-address.ts'

/** Exceptions that the operator makes for networks of their own. */
export interface AllowList {
  /** Whether this host name was named, so that every address it has and every port is accepted. */
  host(name: string): boolean
  /** Whether this address lies in a range that was named. */
  address(address: string): boolean
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*$/

/**
 * Reads entries such as `10.0.0.0/8`, `fd00::/8`, `192.168.1.7` or `hooks.example.internal` (that name alone, not those
 * below it). Throws a `TypeError` that names a wrong entry.
 */
export function allowListOf(entries: readonly string[]): AllowList {
  const isAddress = (entry: string) => isIP(entry.split('/', 1)[0] ?? '') !== 0
  const ranges = blockListOf(entries.filter(isAddress))
  const names = new Set(entries.filter((entry) => !isAddress(entry)).map((entry) => entry.toLowerCase()))
  for (const name of names) {
    if (!HOST_NAME.test(name) || /^[\d.]+$/.test(name)) {
      throw new TypeError(`not an address range or a host name: ${JSON.stringify(name)}`)
    }
  }
  return {
    host: (name) => names.has(name.toLowerCase()),
    address: (address) => {
      const version = isIP(address)
      return version !== 0 && !address.includes('%') && ranges.check(address, version === 4 ? 'ipv4' : 'ipv6')
    },
  }
}

/** Whether `allowListOf` takes this entry. */
export function isAllowEntry(entry: string): boolean {
  try {
    allowListOf([entry])
    return true
  } catch {
    return false
  }
}
