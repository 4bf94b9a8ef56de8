import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The client's X-Request-Id where it is short and plain, else a new one. It goes into logs, so nothing odd may stand in it. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}
