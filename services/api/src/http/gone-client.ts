import type { FastifyReply } from 'fastify'
import { HttpProblem } from './problem.ts'

/** Nobody reads it, and the log says nothing of it. */
const left = new HttpProblem('overloaded', 'the client has left')

const signals = new WeakMap<FastifyReply, AbortSignal>()

/** Aborts when the client hangs up before it has its answer; the reason may be thrown. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const known = signals.get(reply)
  if (known) return known
  const gone = new AbortController()
  signals.set(reply, gone.signal)
  if (reply.raw.destroyed) gone.abort(left)
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(left)
  })
  return gone.signal
}
