import { z } from 'zod'

/** Where spans go; nowhere by itself. */
export const tracingSettings = z
  .object({
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be a URL such as http://collector:4318' })
      .nullable()
      .default(null),
  })
  .transform(({ OTEL_EXPORTER_OTLP_ENDPOINT }) => ({ endpoint: OTEL_EXPORTER_OTLP_ENDPOINT }))
