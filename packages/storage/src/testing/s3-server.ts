import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { S3Options } from '../index.ts'
import { type Answer, answerFrom, type BucketObject, errorAnswer } from './s3-bucket.ts'
import { verifySignature } from './verify-signature.ts'

/** What goes wrong with one request. `lost` does the work and drops the answer; `cut` and `stall` stop half-way. */
export type Fault =
  | { kind: 'reset' | 'hang' | 'lost' | 'cut' | 'stall' }
  | { kind: 'slow'; ms: number }
  | { kind: 'status'; status: number; code: string }

/** One request that arrived: `number` counts them from 1. */
export interface Arrival {
  number: number
  method: string
  key: string
}

export interface S3Server {
  /** Origin, such as `http://127.0.0.1:40123`. */
  endpoint: string
  bucket: string
  /** Options with which `openStore` reaches this server. */
  options: Extract<S3Options, { accessKeyId: string }>
  objects: Map<string, BucketObject>
  /** Every request so far, the refused ones too. */
  arrivals: Arrival[]
  /** Asked for each request; what it returns goes wrong. Null: nothing does. */
  fault: ((arrival: Arrival) => Fault | undefined) | null
  /** Stops listening and drops all connections: connections are refused until `start`. */
  stop(): Promise<void>
  /** Listens again, on the same port, with the same objects. */
  start(): Promise<void>
}

export interface S3ServerOptions {
  bucket?: string
  region?: string
  sessionToken?: string
  /** Objects per page of a list (1,000). */
  pageSize?: number
}

/**
 * A small S3 for tests: it checks every signature and every body hash, knows If-None-Match, ranges, paged lists,
 * signed URLs, both styles of address, and fails on demand. Call `stop` when done.
 */
export async function startS3Server(settings: S3ServerOptions = {}): Promise<S3Server> {
  const { bucket = 'pentimento-test', region = 'us-east-1', pageSize = 1000, sessionToken } = settings
  const credentials = { accessKeyId: 'TESTACCESSKEY', secretAccessKey: 'test/secret+key' }
  const http = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: target = '/', headers } = request
    const url = new URL(target, 'http://host')
    const path = decodeURIComponent(url.pathname).slice(1)
    const virtual = headers.host?.startsWith(`${bucket}.`) === true
    const slash = `${path}/`.indexOf('/')
    const key = virtual ? path : path.slice(slash + 1)
    const arrival = { number: server.arrivals.length + 1, method, key }
    server.arrivals.push(arrival)
    const fault = server.fault?.(arrival)
    if (fault?.kind === 'reset') return void request.socket.destroy()
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'slow') await delay(fault.ms)
    if (fault?.kind === 'cut' && method === 'PUT') {
      await once(request, 'data')
      return void request.socket.destroy()
    }
    const body = await readBody(request)
    const refusal = refusalOf()
    if (fault?.kind === 'lost' && refusal === null) answer()
    if (fault?.kind === 'lost') return void request.socket.destroy()
    const result = fault?.kind === 'status' ? errorAnswer(fault.status, fault.code) : (refusal ?? answer())
    send(response, method, result, fault?.kind)

    function answer(): Answer {
      return answerFrom(server.objects, { method, key, query: url.searchParams, headers, body }, pageSize)
    }

    function refusalOf(): Answer | null {
      const signatureFault = verifySignature(
        { method, target, headers },
        { ...credentials, region, now: () => new Date() },
      )
      if (signatureFault !== null) return errorAnswer(403, signatureFault)
      const token = headers['x-amz-security-token'] ?? url.searchParams.get('X-Amz-Security-Token') ?? undefined
      if (token !== sessionToken) return errorAnswer(403, 'InvalidToken')
      const hash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
      if (hash !== 'UNSIGNED-PAYLOAD' && hash !== createHash('sha256').update(body).digest('hex')) {
        return errorAnswer(400, 'XAmzContentSHA256Mismatch')
      }
      return virtual || path.slice(0, slash) === bucket ? null : errorAnswer(404, 'NoSuchBucket')
    }
  }

  async function listen(port: number): Promise<void> {
    http.listen(port, '127.0.0.1')
    await once(http, 'listening')
  }

  await listen(0)
  const { port } = http.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const server: S3Server = {
    endpoint,
    bucket,
    options: { ...credentials, region, endpoint, sessionToken },
    objects: new Map(),
    arrivals: [],
    fault: null,
    async stop() {
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
    start: () => listen(port),
  }
  return server
}

function send(response: ServerResponse, method: string, answer: Answer, fault: Fault['kind'] | undefined): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length })
  if (method === 'HEAD') return void response.end()
  if (fault !== 'cut' && fault !== 'stall') return void response.end(answer.body)
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => {
    if (fault === 'cut') response.socket?.destroy()
  })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
