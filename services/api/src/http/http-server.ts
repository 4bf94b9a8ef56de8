import { createServer, type RequestListener, type Server } from 'node:http'
import { countConnections } from './count-connections.ts'
import { serveInLine } from './serve-in-line.ts'

/** For a whole request to arrive, in ms. */
const requestMs = 120_000
/** A connection on which nothing moves for so long is cut, in ms: longer than the longest poll, which is 60 s, and the keep-alive of common proxies. */
const stillMs = 90_000
const keepAliveMs = 72_000

/** The server below Fastify: what a connection and an address may hold is bounded here, before a request is anybody's. */
export function createHttpServer(serve: RequestListener): Server {
  // Node would refuse a request without Host by an empty answer; `checkHost` says what is wrong.
  const server = createServer({ requireHostHeader: false }, serveInLine(serve))
  server.requestTimeout = requestMs
  server.keepAliveTimeout = keepAliveMs
  server.setTimeout(stillMs)
  countConnections(server)
  return server
}
