type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'
type Attributes = Record<string, string | number | boolean>

interface SpanOptions {
  /** W3C `traceparent` of the span that this one belongs below; null or malformed begins a trace. */
  parent: string | null
  kind?: SpanKind
  /** Epoch milliseconds; now if omitted. */
  startedAt?: number
  attributes?: Attributes
}

export interface Span {
  /** What is handed on, so that others can put their spans below this one. Null when there is nothing to hand on. */
  readonly traceparent: string | null
  set(attributes: Attributes): void
  /** @param end.error what went wrong, fit for operators; @param end.at epoch milliseconds, now if omitted */
  end(end?: { error?: string; at?: number }): void
}

export interface Tracing {
  start(name: string, options: SpanOptions): Span
  /** Sends what has been gathered, for at most two seconds. */
  close(): Promise<void>
}

export interface TracingOptions {
  /**
   * Origin of an OTLP/HTTP collector (`OTEL_EXPORTER_OTLP_ENDPOINT`); spans go to `/v1/traces` below it. Null: no
   * tracing.
   */
  endpoint: string | null
  /** `service.name` and `service.instance.id`. */
  service: string
  instance: string
  /** Told when spans could not be sent; they are lost. */
  onError(error: Error): void
}
