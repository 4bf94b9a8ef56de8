import type { IncomingHttpHeaders } from 'node:http'

/** The key as OpenAI's clients send it: as a Bearer token, in Azure's mode as `api-key`. */
export function keyOf({ authorization = '', 'api-key': azure }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? (typeof azure === 'string' ? azure : undefined)
}
