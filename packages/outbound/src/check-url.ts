import { isIP } from 'node:net'
import type { AllowList } from './allow-list.ts'
import { OutboundError } from './outbound-error.ts'
import { isPublicAddress } from './public-address.ts'

/** What an outgoing URL may look like. */
interface UrlRules {
  allow: AllowList
  allowHttp: boolean
  /** Ports for hosts that are not on the allow list. */
  ports: readonly number[]
}

const MAX_URL_LENGTH = 2048
const LOCAL_NAME = /(^|\.)localhost\.?$/

/**
 * Checks all that can be known without asking the network, and returns the parsed URL. The parser (WHATWG) has already
 * turned odd notations of addresses (octal, hexadecimal, short, full-width) into plain ones. Throws `OutboundError`.
 */
export function checkUrl(text: string, { allow, allowHttp, ports }: UrlRules): URL {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) throw new OutboundError('url_invalid', 'it cannot be parsed')
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    throw new OutboundError('scheme_refused', `${url.protocol} is not allowed`)
  }
  if (url.username !== '' || url.password !== '') throw new OutboundError('credentials_refused', 'it has credentials')
  const host = hostOf(url)
  const isAddress = isIP(host) !== 0
  const known = allow.host(host) || (isAddress && allow.address(host))
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (!known && !ports.includes(port)) throw new OutboundError('port_refused', `port ${port} is not allowed`)
  if (!known && isAddress && !isPublicAddress(host)) throw new OutboundError('address_refused', `${host} is not public`)
  if (!allow.host(host) && LOCAL_NAME.test(host)) throw new OutboundError('address_refused', `${host} is this machine`)
  return url
}

/** The host of a URL, an IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}
