import type { ErrorCode } from '@pentimento/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App, Deps } from '../deps.ts'
import { HttpProblem, problemDocument } from './problem.ts'
import { toProblem } from './to-problem.ts'

const quiet: readonly ErrorCode[] = ['draining', 'queue_full', 'overloaded']

/** Every error leaves as a problem document; what is our own fault is logged and told without detail. */
export function registerErrors(app: App, { metrics }: Pick<Deps, 'metrics'>): void {
  const routes: { methods: string[]; pattern: RegExp }[] = []

  app.addHook('onRoute', ({ method, url }) => {
    // The CORS plugin's preflight route matches everything.
    if (url === '*') return
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+').replace('*', '.*')}$`)
    routes.push({ methods: [method].flat(), pattern })
  })

  app.setErrorHandler((error, request, reply) => {
    const problem =
      toProblem(error) ??
      new HttpProblem('internal_error', 'the error was logged under this request_id', { cause: error })
    metrics.refused.inc({ code: problem.code })
    if (problem.code === 'internal_error') request.log.error({ err: error }, 'unexpected error')
    // Load that is turned away is counted; a line for each would be a second load.
    else if (problem.status >= 500 && !quiet.includes(problem.code))
      request.log.warn({ err: problem.options.cause ?? problem }, problem.code)
    return sendProblem(reply, problem)
  })

  const refuseRoute = (request: FastifyRequest): never => {
    const path = request.url.split('?')[0] ?? '/'
    const allowed = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))
    if (allowed.size === 0) throw new HttpProblem('not_found', 'there is no such route')
    const allow = [...allowed].sort().join(', ')
    const detail = `this route knows ${allow}`
    throw new HttpProblem('method_not_allowed', detail, { headers: { allow } })
  }
  app.setNotFoundHandler(refuseRoute)
  // Here, so that no body is asked for its type first.
  app.addHook('onRequest', async (request) => {
    if (request.is404) refuseRoute(request)
  })
}

export function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const { headers, retryAfterSeconds } = problem.options
  if (headers) reply.headers(headers)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)))
  return reply
    .code(problem.status)
    .header('x-request-id', reply.request.id)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemDocument(problem, reply.request.id))
}
