import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '@pentimento/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { corsOfUnreadable } from './cors.ts'
import type { ErrorStyle } from './error-style.ts'
import { errorAnswer, sendError } from './errors.ts'
import { HttpProblem, problemDocument } from './problem.ts'

type CorsDeps = Pick<Deps, 'corsOrigins'>

const reasons: Record<string, [ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['invalid_request', 'the request headers are too large'],
  HPE_INVALID_METHOD: ['invalid_request', 'this is not a method of HTTP'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
}

const lingerMs = 1000

/** Answers what is no HTTP request at all, so that even this is a problem document. */
export function answerBrokenRequest(deps: CorsDeps) {
  return (error: Error & { code?: string }, socket: Duplex): void => {
    // What arrives after the answer is no request either.
    if (socket.writableEnded) return
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const reason = reasons[error.code ?? ''] ?? ['invalid_request', 'this is not a valid HTTP request']
    endWithProblem(socket, new HttpProblem(...reason), deps)
  }
}

/** Answers a URL that cannot be decoded, or whose parts are too long to be anything of ours. */
export function answerUnreadableUrl(deps: CorsDeps, styles: readonly ErrorStyle[]) {
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { method } = request
    reply.headers(corsOfUnreadable(deps))
    if (method === 'OPTIONS' && deps.corsOrigins.length > 0) return reply.code(204).send()
    return sendError(reply, errorAnswer(new HttpProblem('invalid_request', 'the URL cannot be read'), request, styles))
  }
}

/**
 * Answers the requests that Node would end by itself without a word: CONNECT, and an Expect other than 100-continue,
 * which may be ignored (RFC 9110, section 10.1.1).
 */
export function answerOddRequests(server: Server, deps: CorsDeps): void {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {})
    endWithProblem(socket, new HttpProblem('invalid_request', 'CONNECT is for proxies, and this is none'), deps)
  })
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
}

/**
 * RFC 9112, section 3.2: HTTP/1.1 names its host, once.
 *
 * @throws HttpProblem `invalid_request`
 */
export function checkHost({ headersDistinct, httpVersion }: IncomingMessage): void {
  const hosts = headersDistinct.host?.length ?? 0
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    throw new HttpProblem('invalid_request', 'send one Host header')
}

function endWithProblem(socket: Duplex, problem: HttpProblem, deps: CorsDeps): void {
  const requestId = randomUUID()
  const body = JSON.stringify(problemDocument(problem, requestId))
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(corsOfUnreadable(deps)).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // A client that is still sending would lose the answer if what it sends met a closed port.
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
