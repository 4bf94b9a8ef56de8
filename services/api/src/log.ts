import { lineWithoutSecrets } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The process's log, JSON lines. Of an error it takes what is known to be harmless: ioredis, for one, hangs the command
 * on its errors, with a password among the arguments. Of a request it takes no header but Host, and no query: what
 * opens a picture to whoever has it stands there. Of a key, wherever somebody put one and however encoded, at most the
 * public part is written.
 */
export function createLog(level: string, base: Record<string, string>, destination: DestinationStream): Logger {
  const serializers = { err: plainError, req: plainRequest }
  // Whoever tells of headers, at whatever level.
  const redact = { paths: ['headers', '*.headers'], remove: true }
  return pino({ level, base, serializers, redact, hooks: { streamWrite: lineWithoutSecrets } }, destination)
}

function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}

function plainRequest({ method, url, host, ip }: FastifyRequest): unknown {
  return { method, url: url.replace(/\?.*$/s, '?…'), host, ip }
}
