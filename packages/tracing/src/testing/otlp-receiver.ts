import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as a collector gets it, in the names of OTLP's JSON. */
export interface ReceivedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string | null
  kind: number
  startMs: number
  endMs: number
  attributes: Record<string, unknown>
  /** 2 is an error. */
  status: number
}

export interface OtlpReceiver {
  url: string
  spans: ReceivedSpan[]
  /** Answer to the next requests. */
  status: number
  close(): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP's JSON (opentelemetry-proto, trace.proto), read as far as is needed.
type Json = any

/** A collector of traces by OTLP/HTTP with JSON bodies. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const receiver = { url: '', spans: [] as ReceivedSpan[], status: 200 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const known = request.method === 'POST' && request.url === '/v1/traces'
    const status = known ? receiver.status : 404
    if (status === 200) receiver.spans.push(...readSpans(JSON.parse(Buffer.concat(chunks).toString())))
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(receiver, {
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  })
}

function readSpans({ resourceSpans }: Json): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ spans }: Json) =>
      spans.map((span: Json) => ({
        service: attributesOf(resource)['service.name'],
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || null,
        kind: span.kind,
        startMs: milliseconds(span.startTimeUnixNano),
        endMs: milliseconds(span.endTimeUnixNano),
        attributes: attributesOf(span),
        status: span.status?.code ?? 0,
      })),
    ),
  )
}

/** Nanoseconds since 1970 do not fit into a number. */
function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1000n) / 1000
}

function attributesOf({ attributes = [] }: Json): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]]))
}
