export { noTracing, openTracing } from './open-tracing.ts'
export { tracingSettings } from './settings.ts'
export type { Span, Tracing } from './tracing.ts'
