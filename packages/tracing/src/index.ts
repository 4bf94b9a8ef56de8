export { noTracing, openTracing } from './open-tracing.ts'
export type { Span, Tracing, TracingOptions } from './tracing.ts'
