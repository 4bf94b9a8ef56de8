import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '@pentimento/contracts'
import { HttpProblem, problemDocument } from './problem.ts'

const reasons: Record<string, [ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['invalid_request', 'the request headers are too large'],
  HPE_INVALID_METHOD: ['invalid_request', 'this is not a method of HTTP'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
}

/** Answers what is no HTTP request at all, so that even this is a problem document. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  endWithProblem(
    socket,
    new HttpProblem(...(reasons[error.code ?? ''] ?? ['invalid_request', 'this is not a valid HTTP request'])),
  )
}

/** Answers the requests that Node would end by itself without a word: CONNECT, and an Expect other than 100-continue, which may be ignored (RFC 9110, section 10.1.1). */
export function answerOddRequests(server: Server): void {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {})
    endWithProblem(socket, new HttpProblem('invalid_request', 'CONNECT is for proxies, and this is none'))
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

function endWithProblem(socket: Duplex, problem: HttpProblem): void {
  const requestId = randomUUID()
  const body = JSON.stringify(problemDocument(problem, requestId))
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
