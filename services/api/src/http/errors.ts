import type { ErrorCode } from '@pentimento/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App, Deps } from '../deps.ts'
import { type ErrorAnswer, type ErrorStyle, pathOf } from './error-style.ts'
import { HttpProblem, problemDocument } from './problem.ts'
import { toProblem } from './to-problem.ts'

const quiet: readonly ErrorCode[] = ['draining', 'queue_full', 'overloaded']

declare module 'fastify' {
  interface FastifyReply {
    /** What an error is answered with here; counts it, and logs what is our own fault. */
    errorAnswer(error: unknown): ErrorAnswer
  }
}

/**
 * Every error leaves as a problem document, or in the style of the API below whose paths it happened; what is our own
 * fault is told without detail.
 */
export function registerErrors(app: App, { metrics }: Pick<Deps, 'metrics'>, styles: readonly ErrorStyle[] = []): void {
  const routes: { methods: string[]; pattern: RegExp }[] = []

  app.addHook('onRoute', ({ method, url }) => {
    // The CORS plugin's preflight route matches everything.
    if (url === '*') return
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+').replace('*', '.*')}$`)
    routes.push({ methods: [method].flat(), pattern })
  })

  app.decorateReply('errorAnswer', function (error) {
    const { request } = this
    const problem =
      toProblem(error) ??
      new HttpProblem('internal_error', 'the error was logged under this request_id', { cause: error })
    metrics.refused.inc({ code: problem.code })
    if (problem.code === 'internal_error') request.log.error({ err: error }, 'unexpected error')
    // Load that is turned away is counted; a line for each would be a second load.
    else if (problem.status >= 500 && !quiet.includes(problem.code))
      request.log.warn({ err: problem.options.cause ?? problem }, problem.code)
    return errorAnswer(problem, request, styles)
  })
  app.setErrorHandler((error, _request, reply) => sendError(reply, reply.errorAnswer(error)))

  const refuseRoute = (request: FastifyRequest): never => {
    const path = pathOf(request.url)
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

/** What a problem is answered with under a request's path. */
export function errorAnswer(
  problem: HttpProblem,
  { url, id }: Pick<FastifyRequest, 'url' | 'id'>,
  styles: readonly ErrorStyle[],
): ErrorAnswer {
  const { headers, retryAfterSeconds } = problem.options
  const document = problemDocument(problem, id)
  const style = styles.find((one) => one.owns(pathOf(url)))
  const own = style?.answer(document, problem)
  return {
    status: own?.status ?? problem.status,
    body: own?.body ?? document,
    headers: {
      'content-type': own ? 'application/json; charset=utf-8' : 'application/problem+json',
      'x-request-id': id,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
      ...headers,
      ...own?.headers,
    },
  }
}

export function sendError(reply: FastifyReply, { status, headers = {}, body }: ErrorAnswer): FastifyReply {
  return reply.code(status).headers(headers).serializer(JSON.stringify).send(body)
}
