import type { IncomingHttpHeaders } from 'node:http'

/** The key of a request: `Bearer`, or `Token` as older clients have it. */
export function replicateToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^(?:bearer|token) +(\S+)$/i.exec(authorization)?.[1]
}
