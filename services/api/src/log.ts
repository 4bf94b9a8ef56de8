import type { FastifyRequest } from 'fastify'
import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The process's log, JSON lines. Of an error it takes what is known to be harmless: ioredis, for one, hangs the command on its errors, with a password among the
 * arguments. Of a request it takes no header, and of a key that somebody put into a URL the public part.
 */
export function createLog(level: string, base: Record<string, string>, destination: DestinationStream): Logger {
  const serializers = { err: plainError, req: plainRequest }
  // The multipart parser tells its options, headers and all, at level trace.
  return pino({ level, base, serializers, redact: { paths: ['headers', '*.headers'], remove: true } }, destination)
}

function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}

function plainRequest({ method, url, host, ip }: FastifyRequest): unknown {
  return { method, url: url.replace(/pmt_([a-z2-7]{12})_[\w-]+/g, 'pmt_$1_…'), host, ip }
}
