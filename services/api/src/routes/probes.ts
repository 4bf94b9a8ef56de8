import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { HttpProblem } from '../http/problem.ts'
import { openRefusals } from '../http/schemas.ts'

const ok = z.object({ status: z.literal('ok') })

/** Everybody may ask, and a probe writes: what it found is told for so long. */
const freshMs = 1000

/** `/livez` asks only this process; `/readyz` asks what a submit needs. */
export function registerProbes(app: App, deps: Pick<Deps, 'state' | 'store' | 'draining'>): void {
  const schema = (operationId: string, summary: string) => ({
    tags: ['Probes'],
    operationId,
    summary,
    response: { 200: ok, ...openRefusals('queue_unavailable', 'storage_unavailable', 'draining') },
  })
  const ready = onceIn(freshMs, () => Promise.all([deps.state.ping(), deps.store.check()]))
  app.route({
    method: 'GET',
    url: '/livez',
    schema: schema('live', 'Whether the process answers'),
    handler: async () => ({ status: 'ok' as const }),
  })
  app.route({
    method: 'GET',
    url: '/readyz',
    schema: schema(
      'ready',
      'Whether requests can be served: Redis and storage answer, and the server is not shutting down',
    ),
    handler: async () => {
      if (deps.draining.aborted) throw new HttpProblem('draining', 'this server is shutting down')
      await ready()
      return { status: 'ok' as const }
    },
  })
}

/** What `ask` answered or threw, for `ms` from its end on; while it is being asked, all wait for the one answer. */
function onceIn<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    if (answer) return answer
    answer = ask()
    const forget = () => {
      setTimeout(() => {
        answer = undefined
      }, ms).unref()
    }
    answer.then(forget, forget)
    return answer
  }
}
