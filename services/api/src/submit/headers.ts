import type { IncomingHttpHeaders } from 'node:http'

/** Seconds that `Prefer: wait=n` (RFC 7240, section 4.3) asks for, at most 60; 0 without it. */
export function preferredWait(headers: IncomingHttpHeaders): number {
  const wait = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(String(headers.prefer ?? ''))?.[1]
  return Math.min(Number(wait ?? 0), 60)
}
