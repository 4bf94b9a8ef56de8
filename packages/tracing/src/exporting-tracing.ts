import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, SpanContext } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Tracing, TracingOptions } from './tracing.ts'

const SEND_EVERY_MS = 2000
const SEND_TIMEOUT_MS = 2000

/**
 * Spans to an OTLP/HTTP collector, in JSON, by OpenTelemetry's SDK. Parents are named, so no context is kept behind
 * calls.
 */
export async function exportingTracing(options: TracingOptions & { endpoint: string }): Promise<Tracing> {
  const [{ ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ])
  const kinds = {
    internal: SpanKind.INTERNAL,
    server: SpanKind.SERVER,
    client: SpanKind.CLIENT,
    producer: SpanKind.PRODUCER,
    consumer: SpanKind.CONSUMER,
  }
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: SEND_TIMEOUT_MS,
  })
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service, 'service.instance.id': options.instance }),
    // A caller that does not sample its trace decides for us too.
    sampler: new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: reportingFailures(exporter, options.onError),
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('pentimento')

  function contextOf(traceparent: string | null): Context {
    const parent = parseTraceparent(traceparent)
    return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
  }

  return {
    start(name, { parent, kind = 'internal', startedAt, attributes }) {
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          ...(startedAt !== undefined && { startTime: startedAt }),
          ...(attributes && { attributes }),
        },
        contextOf(parent),
      )
      return {
        traceparent: formatTraceparent(span.spanContext()),
        set: (more) => void span.setAttributes(more),
        end({ error, at } = {}) {
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
          span.end(at)
        },
      }
    },
    async close() {
      await Promise.race([provider.shutdown().catch(() => {}), sleep(SEND_TIMEOUT_MS, undefined, { ref: false })])
    },
  }
}

/** The exporter's failures are results, which the SDK itself passes over. */
function reportingFailures(exporter: SpanExporter, onError: (error: Error) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) onError(result.error ?? new Error('spans could not be sent'))
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

/** The parts of a W3C trace context, version 00 (w3.org/TR/trace-context). All zeros are not valid. */
function parseTraceparent(text: string | null): SpanContext | null {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text ?? '')
  const [, traceId = '', spanId = '', flags = '0'] = match ?? []
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`
}
