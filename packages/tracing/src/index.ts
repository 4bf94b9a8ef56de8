export { noTracing, openTracing } from './open-tracing.ts'
export type { Span, Tracing } from './tracing.ts'
