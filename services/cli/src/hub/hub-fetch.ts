import { lookup } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPublicAddress } from '@pentimento/outbound'
import { HubLie } from './hub-error.ts'

interface HubFetchOptions {
  hubUrl: string
  /** Sent to the hub's own origin, and nowhere else. */
  token: string | null
  signal: AbortSignal
  /** How often a request is tried while the hub is out of order or cannot be reached. */
  attempts?: number
  /** A server that does not begin to answer for so long is asked again. */
  answerMs?: number
  /** Told of every wait that is long enough for people to wonder, in milliseconds. */
  onWait?: (ms: number) => void
}

/** The longest that the hub may ask to wait, in milliseconds: its limits are counted over five minutes. */
const longestWait = 300_000
const mostRedirects = 5

/**
 * `fetch` as a long download needs it. It alone knows the token, which no redirect takes to another host; it asks again
 * where the hub is out of order, busy (429, after as long as it says), silent or out of reach; and it follows a
 * redirect only to where the hub may send us.
 *
 * The last answer is given back whatever its status, the last failure is thrown.
 */
export function hubFetch(options: HubFetchOptions): typeof fetch {
  const { signal, attempts = 6, answerMs = 30_000, onWait } = options

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    for (let attempt = 1; ; attempt++) {
      let wait = backoff(attempt)
      try {
        const response = await answerInTime(url, init, options, answerMs)
        if (!mayPass(response.status) || attempt >= attempts) return response
        wait = askedWait(response) ?? wait
        await response.body?.cancel()
      } catch (error) {
        signal.throwIfAborted()
        if (attempt >= attempts || error instanceof HubLie) throw error
      }
      if (wait > 5000) onWait?.(wait)
      await sleep(wait, undefined, { signal })
    }
  }
}

/** How long to wait after so many failures in a row, in milliseconds: 0.5 to 8 s. */
export function backoff(failures: number): number {
  return Math.min(250 * 2 ** failures, 8000)
}

/** The time limit ends with the answer's head: its body may take as long as it comes. */
async function answerInTime(
  url: URL,
  init: RequestInit | undefined,
  { hubUrl, token, signal }: HubFetchOptions,
  ms: number,
): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error(`no answer for ${ms / 1000} seconds`)), ms)
  const signals = AbortSignal.any([signal, late.signal, ...(init?.signal ? [init.signal] : [])])
  const { origin } = new URL(hubUrl)
  try {
    let at = url
    for (let redirects = 0; ; redirects++) {
      const headers = new Headers(init?.headers)
      if (token !== null && at.origin === origin) headers.set('Authorization', `Bearer ${token}`)
      const response = await fetch(at, { ...init, headers, signal: signals, redirect: 'manual' })
      const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('Location') : null
      if (location === null) return response
      await response.body?.cancel()
      if (redirects === mostRedirects) throw new HubLie(`the hub redirects more than ${mostRedirects} times`)
      at = await redirectTarget(at, location, new URL(hubUrl))
    }
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Where a redirect leads. Large files lie on servers of any name; but a hub in the internet has no business with
 * addresses inside, and from TLS no way leads back to plain http.
 *
 * @throws HubLie
 */
export async function redirectTarget(from: URL, location: string, hub: URL): Promise<URL> {
  const target = URL.parse(location, from.href)
  const shown = JSON.stringify(target?.host ?? location.slice(0, 100))
  const secure = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.protocol === 'http:')
  if (target === null || !secure || target.username !== '' || target.password !== '')
    throw new HubLie(`the hub redirects to ${shown}, which is no address of the kind that it has itself`)
  if (target.hostname !== hub.hostname && (await isInside(target.hostname)) && !(await isInside(hub.hostname)))
    throw new HubLie(`the hub redirects to ${shown}, an address inside this network`)
  return target
}

/**
 * Whether a name has an address that is not of the public internet. Of a name that cannot be looked up the request
 * itself will tell.
 */
async function isInside(hostname: string): Promise<boolean> {
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => [])
  return addresses.some(({ address }) => !isPublicAddress(address))
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Retry-After in milliseconds, where it is a number of seconds. */
function askedWait(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds * 1000, longestWait) : null
}
