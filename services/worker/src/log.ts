import { lineWithoutSecrets } from '@pentimento/contracts'
import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The process's log, JSON lines. Of an error it takes what is known to be harmless: ioredis, for one, hangs the command
 * on its errors, with a password among the arguments. Of a key, wherever it stands, at most the public part is written.
 */
export function createLog(level: string, base: Record<string, string>, destination: DestinationStream): Logger {
  return pino(
    { level, base, serializers: { err: plainError }, hooks: { streamWrite: lineWithoutSecrets } },
    destination,
  )
}

function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  return { type, message, stack, code }
}
