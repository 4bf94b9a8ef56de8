import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { ErrorCode } from '@pentimento/contracts'
import { HttpProblem, problemDocument } from './problem.ts'

const reasons: Record<string, [ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['invalid_request', 'the request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
}

/** Answers what is no HTTP request at all, so that even this is a problem document. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = new HttpProblem(
    ...(reasons[error.code ?? ''] ?? ['invalid_request', 'this is not a valid HTTP request']),
  )
  const body = JSON.stringify(problemDocument(problem, randomUUID()))
  const reason = problem.status === 408 ? 'Request Timeout' : 'Bad Request'
  const head = `HTTP/1.1 ${problem.status} ${reason}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`)
}
