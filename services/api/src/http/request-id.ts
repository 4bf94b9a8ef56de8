import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * The client's X-Request-Id where it has the form of a UUID, a ULID or the like, else a new one. It goes into logs and
 * answers: nothing odd may stand in it, and no API key or webhook secret, all of which have an underscore and are
 * longer.
 */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z\d-]{1,36}$/.test(given) ? given : randomUUID()
}
