import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { createConnectionRoom } from './connection-room.ts'
import { GatheredMessage } from './gathered-message.ts'
import { connectionCame, inTurn } from './loop-turns.ts'
import { serveInLine } from './serve-in-line.ts'
import { watchStalledReaders } from './stalled-readers.ts'

/** For a whole request to arrive, in ms. */
const requestMs = 120_000
/** Longer than the longest poll, which is 60 s, and than the keep-alive of common proxies. */
const patience = { stillMs: 90_000, stalledMs: 30_000, everyMs: 5000 }
const keepAliveMs = 72_000

/**
 * The server below Fastify: what a connection and an address may hold is bounded here, before a request is anybody's.
 */
export function createHttpServer(serve: RequestListener): Server {
  const room = createConnectionRoom()
  const readers = watchStalledReaders(patience)
  // Node would refuse a request without Host by an empty answer; `checkHost` says what is wrong.
  const options = { requireHostHeader: false, IncomingMessage: GatheredMessage }
  const server = createServer(options, serveInLine(begunInTurn(serve), [room, readers]))
  server.requestTimeout = requestMs
  server.keepAliveTimeout = keepAliveMs
  server.setTimeout(patience.stillMs)
  server.on('close', readers.stop)
  room.watch(server)
  server.on('connection', connectionCame)
  return server
}

function begunInTurn(serve: RequestListener): RequestListener {
  const served = new WeakSet<Socket>()

  /**
   * By what the request says of itself, true or not: many who say different things wait for each other as before. A
   * first one goes beside those of who asks on and on.
   */
  function askerOf({ headers, socket }: IncomingMessage): string {
    if (headers.authorization !== undefined) return headers.authorization
    return served.has(socket) ? (socket.remoteAddress ?? '') : 'newcomer'
  }

  /**
   * A probe that waits too long has the service started anew. Its connection is new each time: who asks on and on for
   * the same waits like others, and to come anew costs him more than an answer costs here.
   */
  const isProbe = ({ socket, url }: IncomingMessage) => url === '/livez' && !served.has(socket)

  return (request, response) => {
    if (isProbe(request)) serve(request, response)
    else
      inTurn(askerOf(request), () => {
        if (!request.socket.destroyed) serve(request, response)
      })
    served.add(request.socket)
  }
}
