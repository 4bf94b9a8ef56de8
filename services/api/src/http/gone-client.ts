import type { FastifyReply } from 'fastify'
import { HttpProblem } from './problem.ts'

/** Nobody reads it, and the log says nothing of it. */
const left = new HttpProblem('overloaded', 'the client has left')

/** Aborts when the client hangs up before it has its answer; the reason may be thrown. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  if (reply.raw.destroyed) gone.abort(left)
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(left)
  })
  return gone.signal
}
