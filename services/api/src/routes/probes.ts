import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { HttpProblem } from '../http/problem.ts'
import { problems } from '../http/schemas.ts'

const ok = z.object({ status: z.literal('ok') })

/** `/livez` asks only this process; `/readyz` asks what a submit needs. */
export function registerProbes(app: App, deps: Deps): void {
  const schema = (summary: string) => ({ tags: ['Probes'], summary, response: { 200: ok, ...problems } })
  app.route({
    method: 'GET',
    url: '/livez',
    schema: schema('Whether the process answers'),
    handler: async () => ({ status: 'ok' as const }),
  })
  app.route({
    method: 'GET',
    url: '/readyz',
    schema: schema('Whether requests can be served: Redis and storage answer, and the server is not shutting down'),
    handler: async () => {
      if (deps.draining.aborted) throw new HttpProblem('draining', 'this server is shutting down')
      await Promise.all([deps.state.ping(), deps.store.check()])
      return { status: 'ok' as const }
    },
  })
}
