import { z } from 'zod'

/**
 * `PUBLIC_URL`: where clients reach the api, perhaps below a path. Becomes the URL without a slash at its end, as
 * browsers write it.
 */
export const publicUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  const plain = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password
  // A path of other characters comes back from proxies in more than one spelling.
  if (plain && !/[?#]/.test(text) && /^(\/[\w.~-]+)*\/*$/.test(url.pathname)) return url.href.replace(/\/+$/, '')
  context.addIssue(
    'must be a URL such as https://images.example.com or https://example.com/images: http or https, without user, query and fragment, its path of letters, digits and -._~',
  )
  return z.NEVER
})

/** What `PUBLIC_URL` is when it is not set, from the address and the port that the api listens on. */
export function defaultPublicUrl(host: string, port: number): string {
  const name = listeningName(host)
  // Listening everywhere is no address to call.
  const called = name === null || name === '0.0.0.0' || name === '[::]' ? 'localhost' : name
  return new URL(`http://${called}:${port}`).origin
}

/**
 * The host name of a `Host` header or of `HOST`, as browsers write it: lower case, addresses in their usual form, no
 * port, no dot at the end. Null if it is none.
 */
export function hostnameOf(host: string): string | null {
  const url = /^[^\s/\\?#@]+$/.test(host) ? URL.parse(`http://${host}`) : null
  return url === null ? null : url.hostname.replace(/\.$/, '')
}

/** Whether an address or name to listen on, as in `HOST`, can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackName(listeningName(host) ?? '')
}

/** Whether a name, from {@link hostnameOf}, is this machine's own on every machine. */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

/** In `HOST` an IPv6 address stands without brackets. */
function listeningName(host: string): string | null {
  return hostnameOf(host.includes(':') ? `[${host}]` : host)
}
