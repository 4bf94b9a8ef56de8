import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import type { AllowList } from './allow-list.ts'
import type { Resolve } from './guarded-connector.ts'
import { OutboundError } from './outbound-error.ts'

/** One question and one repetition, together shorter than a connection may take to open. */
const question = { timeout: 1_000, tries: 2 }

/**
 * Asks the name servers of the system over sockets of its own. The system's own lookup runs on two threads of the
 * process, so that two names whose servers never answer would keep every other name waiting. It is used for names that
 * the operator allows, which may be known to `/etc/hosts` or a search domain only.
 *
 * @param servers others than the system's
 */
export function nameResolver(allow: AllowList, servers?: readonly string[]): Resolve {
  return async (hostname) => {
    if (allow.host(hostname)) return lookup(hostname, { all: true, order: 'verbatim' })
    // A new one each time: it reads at its creation which servers the system has now.
    const resolver = new Resolver(question)
    if (servers !== undefined) resolver.setServers(servers)
    const answers: PromiseSettledResult<LookupAddress[]>[] = await Promise.allSettled([
      resolver.resolve4(hostname).then(addressesOf(4)),
      resolver.resolve6(hostname).then(addressesOf(6)),
    ])
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length > 0) return found
    const cause = answers.find((answer) => answer.status === 'rejected')?.reason
    throw new OutboundError('host_unknown', `${hostname} cannot be resolved`, { cause })
  }
}

function addressesOf(family: 4 | 6): (addresses: string[]) => LookupAddress[] {
  return (addresses) => addresses.map((address) => ({ address, family }))
}
