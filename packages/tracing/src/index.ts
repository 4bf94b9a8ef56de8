export { noTracing, openTracing, type Span, type Tracing, type TracingOptions } from './tracing.ts'
