import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { AllowList } from './allow-list.ts'
import { OutboundError } from './outbound-error.ts'
import { isPublicAddress } from './public-address.ts'

/** Finds all addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

/**
 * Opens connections to public addresses alone. A name is resolved once; when any of its addresses is not public the
 * connection is refused, else exactly those addresses are dialled, so that a name server cannot give another answer in
 * between. Address literals, which skip the lookup, are checked before, and the address of the socket once it is open.
 */
export function guardedConnector(allow: AllowList, resolve: Resolve, timeoutMs: number): buildConnector.connector {
  const permits = (hostname: string, address: string) =>
    allow.host(hostname) || allow.address(address) || isPublicAddress(address)

  const lookup: LookupFunction = (hostname, options, done) => {
    resolvePermitted(hostname).then(
      (found) => {
        if (options.all === true) done(null, found)
        else done(null, found[0]?.address ?? '', found[0]?.family)
      },
      (error: Error) => done(error, []),
    )
  }

  async function resolvePermitted(hostname: string): Promise<LookupAddress[]> {
    const found = await resolve(hostname)
    if (found.length === 0) throw new OutboundError('host_unknown', `${hostname} has no address`)
    const refused = found.find(({ address }) => !permits(hostname, address))
    if (refused !== undefined) {
      throw new OutboundError('address_refused', `${hostname} resolves to ${refused.address}`)
    }
    return found
  }

  const dial = buildConnector({ lookup, allowH2: false, timeout: timeoutMs })
  return (options, done) => {
    const hostname = options.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(hostname) !== 0 && !permits(hostname, hostname)) {
      done(new OutboundError('address_refused', `${hostname} is not public`), null)
      return
    }
    dial(options, (...[error, socket]) => {
      if (error !== null) {
        done(error, null)
        return
      }
      const address = socket.remoteAddress ?? ''
      if (permits(hostname, address)) {
        done(null, socket)
        return
      }
      socket.destroy()
      done(new OutboundError('address_refused', `${hostname} was dialled at ${address}`), null)
    })
  }
}
