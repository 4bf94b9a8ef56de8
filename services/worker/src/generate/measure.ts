import type { JobMetrics } from '@pentimento/contracts'
import type { GenerateResult } from '@pentimento/pipeline'
import type { JobRecord } from '@pentimento/state'

/** What a job's metrics say of its last attempt; `queue_ms` is the wait before the first one. */
export function measure(
  job: JobRecord,
  attempts: number,
  { timings, stepsRun, modelCalls }: GenerateResult,
  { loadMs, uploadMs, elapsedMs }: { loadMs: number; uploadMs: number; elapsedMs: number },
): JobMetrics {
  const queueMs = (job.startedAt ?? job.createdAt) - job.createdAt
  return {
    queue_ms: queueMs,
    load_ms: Math.round(loadMs),
    encode_ms: Math.round(timings.encodeMs),
    denoise_ms: Math.round(timings.denoiseMs),
    decode_ms: Math.round(timings.decodeMs),
    shape_warmup_ms: Math.round(timings.shapeWarmupMs),
    upload_ms: Math.round(uploadMs),
    // Clocks of worker and Redis differ: what was spent here is certain.
    total_ms: Math.max(queueMs + elapsedMs, Date.now() - job.createdAt),
    steps_per_second: stepsRun === 0 ? null : Math.round((stepsRun / timings.denoiseMs) * 1e6) / 1000,
    model_calls: modelCalls,
    attempts,
  }
}
