import { setTimeout as sleep } from 'node:timers/promises'

export interface HubFetchOptions {
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

/**
 * `fetch` as a long download needs it. It alone knows the token, which no redirect and no link of the hub's takes to another host (fetch drops it on the
 * way there); it asks again where the hub is out of order, busy (429, after as long as it says), silent or out of reach.
 *
 * The last answer is given back whatever its status, the last failure is thrown.
 */
export function hubFetch(options: HubFetchOptions): typeof fetch {
  const { hubUrl, token, signal, attempts = 6, answerMs = 30_000, onWait } = options
  const { origin } = new URL(hubUrl)

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init?.headers)
    if (token !== null && url.origin === origin) headers.set('Authorization', `Bearer ${token}`)
    for (let attempt = 1; ; attempt++) {
      let wait = backoff(attempt)
      try {
        const response = await answerInTime(url, { ...init, headers }, signal, answerMs)
        if (!mayPass(response.status) || attempt >= attempts) return response
        wait = askedWait(response) ?? wait
        await response.body?.cancel()
      } catch (error) {
        signal.throwIfAborted()
        if (attempt >= attempts) throw error
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
async function answerInTime(url: URL, init: RequestInit, signal: AbortSignal, ms: number): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error(`no answer for ${ms / 1000} seconds`)), ms)
  try {
    return await fetch(url, { ...init, signal: AbortSignal.any([signal, late.signal]) })
  } finally {
    clearTimeout(timer)
  }
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Retry-After in milliseconds, where it is a number of seconds. */
function askedWait(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds * 1000, longestWait) : null
}
