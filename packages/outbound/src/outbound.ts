import { Agent, type Dispatcher, request } from 'undici'
import { allowListOf } from './allow-list.ts'
import { checkUrl } from './check-url.ts'
import { guardedConnector, type Resolve } from './guarded-connector.ts'
import { OutboundError, outboundErrorOf, portsOf } from './outbound-error.ts'
import { discard, readAtMost, readFirst } from './read-body.ts'
import { nameResolver } from './resolve-name.ts'

interface OutboundOptions {
  /** Address ranges and host names of private networks that may be reached all the same, with any port (none). */
  allow?: readonly string[]
  /** Ports that may be dialled (those of https; those of http as well where that is allowed). */
  ports?: readonly number[]
  /** Longest time to open a connection, name resolution and TLS included, in ms (5,000). */
  connectTimeoutMs?: number
  /** Connections to one origin at the same time (8). */
  connectionsPerOrigin?: number
  /** Default: the name servers of the system. */
  resolve?: Resolve
  userAgent?: string
}

interface FetchOptions {
  maxBytes: number
  /** For everything together: connections, redirects, the whole body. */
  timeoutMs: number
  /** The Accept header, such as `image/png, image/jpeg` (any). */
  accept?: string
  /** Plain http as well (false). A redirect from https to http is refused even then. */
  allowHttp?: boolean
  /** Redirects followed, each checked like the first URL (3). */
  maxRedirects?: number
  /** Waited for before so many more bytes are kept in memory; what it rejects with is thrown as it is (always room). */
  take?: (bytes: number) => Promise<void>
}

interface Fetched {
  bytes: Uint8Array
  contentType: string | null
  /** Where the bytes came from, after redirects. */
  url: string
}

interface PostOptions {
  headers: Record<string, string>
  body: string | Uint8Array
  /** For everything together. */
  timeoutMs: number
  allowHttp?: boolean
  /** How much of the answer is kept, in bytes (1,024). */
  keepBytes?: number
}

export interface Answer {
  /** Any status: a redirect is an answer like another, and is not followed. */
  status: number
  headers: Record<string, string | string[] | undefined>
  /** The beginning of the answer's body. */
  body: string
}

/** A client for URLs that strangers gave us. Every failure is an `OutboundError`. */
export interface Outbound {
  /** Checks what can be known without the network; throws `OutboundError`. */
  checkUrl(url: string, options?: { allowHttp?: boolean }): URL
  /** Reads the whole of a resource; anything but 200 at the end is an error. */
  fetchBytes(url: string, options: FetchOptions): Promise<Fetched>
  /** Sends once, follows no redirect. */
  post(url: string, options: PostOptions): Promise<Answer>
  close(): Promise<void>
}

const REDIRECTS = [301, 302, 303, 307, 308]

/** Creates the client; throws a `TypeError` for a wrong entry in `allow`. Proxies of the environment are not used. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const { connectTimeoutMs = 5_000, connectionsPerOrigin = 8, userAgent = 'Pentimento' } = options
  const allow = allowListOf(options.allow ?? [])
  const resolve = options.resolve ?? nameResolver(allow)
  const dispatcher = new Agent({
    connect: guardedConnector(allow, resolve, connectTimeoutMs),
    connections: connectionsPerOrigin,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
  })

  function check(text: string, { allowHttp = false }: { allowHttp?: boolean } = {}): URL {
    const ports = options.ports ?? (allowHttp ? [...portsOf.https, ...portsOf.http] : portsOf.https)
    return checkUrl(text, { allow, allowHttp, ports })
  }

  async function send(
    url: URL,
    init: Partial<Dispatcher.RequestOptions> & { signal: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    const headers = {
      'user-agent': userAgent,
      'accept-encoding': 'identity',
      ...(init.headers as Record<string, string>),
    }
    const answered = request(url, { ...init, method: init.method ?? 'GET', headers, dispatcher })
    // While it waits for a connection, undici does not listen to the signal.
    return unlessAborted(answered, init.signal)
  }

  async function fetchBytes(text: string, fetching: FetchOptions): Promise<Fetched> {
    const { maxBytes, timeoutMs, accept = '*/*', allowHttp = false, maxRedirects = 3, take = async () => {} } = fetching
    const signal = AbortSignal.timeout(timeoutMs)
    let url = check(text, { allowHttp })
    for (let redirects = 0; ; redirects++) {
      const { statusCode: status, headers, body } = await send(url, { signal, headers: { accept } })
      const location = headers.location
      if (REDIRECTS.includes(status) && typeof location === 'string') {
        discard(body)
        if (redirects === maxRedirects) throw new OutboundError('too_many_redirects', `more than ${maxRedirects}`)
        url = redirectTarget(url, location, allowHttp)
        continue
      }
      if (status !== 200 || (headers['content-encoding'] ?? 'identity') !== 'identity') {
        discard(body)
        throw new OutboundError(status === 200 ? 'encoding_refused' : 'status_refused', `${status}`, { status })
      }
      const bytes = await readAtMost(body, maxBytes, headers['content-length'], take)
      return { bytes, contentType: String(headers['content-type'] ?? '') || null, url: url.href }
    }
  }

  function redirectTarget(from: URL, location: string, allowHttp: boolean): URL {
    const target = URL.parse(escapeBytes(location), from.href)
    if (target === null) throw new OutboundError('url_invalid', 'the redirect cannot be parsed')
    return check(target.href, { allowHttp: allowHttp && from.protocol === 'http:' })
  }

  async function post(text: string, posting: PostOptions): Promise<Answer> {
    const { headers, body, timeoutMs, allowHttp = false, keepBytes = 1_024 } = posting
    const url = check(text, { allowHttp })
    const answer = await send(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
    return { status: answer.statusCode, headers: answer.headers, body: await readFirst(answer.body, keepBytes) }
  }

  const translated = <T>(promise: Promise<T>): Promise<T> =>
    promise.catch((error: unknown) => {
      throw outboundErrorOf(error)
    })

  return {
    checkUrl: check,
    fetchBytes: (url, fetching) => translated(fetchBytes(url, fetching)),
    post: (url, posting) => translated(post(url, posting)),
    close: () => dispatcher.destroy(),
  }
}

/**
 * A header's text holds a byte in each character. Those beyond ASCII are escaped as they are, as browsers do, whatever
 * they mean.
 */
function escapeBytes(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
