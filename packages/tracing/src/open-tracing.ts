import { exportingTracing } from './exporting-tracing.ts'
import type { Tracing, TracingOptions } from './tracing.ts'

/** Without a collector: spans cost nothing, and a client's `traceparent` is still handed on to its webhooks. */
export const noTracing: Tracing = {
  start: (_name, { parent }) => ({ traceparent: parent, set() {}, end() {} }),
  async close() {},
}

/** OpenTelemetry is loaded only where a collector is named. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  if (options.endpoint === null) return noTracing
  return exportingTracing({ ...options, endpoint: options.endpoint })
}
