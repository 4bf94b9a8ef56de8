import { isIP } from 'node:net'
import { hostnameOf, isLoopbackHost, isLoopbackName } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import { HttpProblem } from './problem.ts'

/**
 * Names that nobody on the internet can own: without a dot, or under a domain that is for local use (RFC 6762, RFC
 * 8375, ICANN's `internal`).
 */
const localName = /^([^.]+|.+\.(local|internal|home\.arpa))$/

/**
 * Whether requests to a host are served. A page whose own name was made to lead here (DNS rebinding) is of our origin
 * to its browser: only the name that it asked for gives it away. Keys are in no browser by themselves, so with them
 * every name is served; without, on loopback only loopback names and PUBLIC_URL's host, elsewhere also addresses and
 * names that an outsider cannot own.
 */
export function servesHost(deps: Pick<Deps, 'auth' | 'host' | 'publicUrl'>): (hostname: string) => boolean {
  const known = [new URL(deps.publicUrl).hostname, hostnameOf(deps.host)]
  const onLoopback = isLoopbackHost(deps.host)
  return (hostname) => {
    if (deps.auth === 'keys' || isLoopbackName(hostname) || known.includes(hostname)) return true
    return !onLoopback && (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || localName.test(hostname))
  }
}

export function misdirected(hostname: string): HttpProblem {
  return new HttpProblem(
    'misdirected_request',
    `without keys this server does not answer under the name ${hostname}: set PUBLIC_URL to the address that clients use, or AUTH=keys`,
  )
}
