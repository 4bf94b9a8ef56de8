import type { GenerateResult } from '@pentimento/pipeline'
import type { JobRecord, JobResult } from '@pentimento/state'
import type { Tracing } from '@pentimento/tracing'
import type { EngineProgress } from '../engine/converse.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { stepClock } from './step-clock.ts'

/** Measures and traces jobs. */
export interface JobObserver {
  /** An attempt goes into the engine now. */
  attempt(job: JobRecord, attempt: number): AttemptObserver
  /** A job ended, by this worker. */
  ended(model: string, result: Pick<JobResult, 'status' | 'error' | 'metrics'>): void
}

interface AttemptObserver {
  progress(progress: EngineProgress): void
  /** The engine has painted, just now. */
  painted(timings: GenerateResult['timings'], loadMs: number): void
  /** The pictures are stored, just now. */
  stored(uploadMs: number): void
  /** @param error the error's code, when the attempt brought no result */
  end(error?: string): void
}

const STAGES = ['queue', 'load', 'encode', 'denoise', 'decode', 'upload'] as const

export function createJobObserver(metrics: WorkerMetrics, tracing: Tracing): JobObserver {
  return {
    attempt(job, attempt) {
      const { model, request } = job
      const attributes = { 'job.id': job.id, 'job.model': model, 'job.attempt': attempt }
      // Only of the first attempt is it known since when the job waited.
      if (attempt === 1) tracing.start('queue', { parent: request.traceparent, startedAt: job.createdAt }).end()
      const span = tracing.start('attempt', { parent: request.traceparent, kind: 'consumer', attributes })
      metrics.batchImages.observe({ model }, request.parameters.num_images)

      /** Spans of phases that follow each other and end now. */
      function phases(durations: Record<string, number>): void {
        let at = Date.now() - Object.values(durations).reduce((sum, ms) => sum + ms, 0)
        for (const [name, ms] of Object.entries(durations)) {
          const phase = tracing.start(name, { parent: span.traceparent, startedAt: at })
          at += ms
          phase.end({ at })
        }
      }

      return {
        progress: stepClock((seconds) => metrics.stepSeconds.observe({ model }, seconds)),
        painted: ({ encodeMs, denoiseMs, decodeMs }, loadMs) =>
          phases({ load: loadMs, encode: encodeMs, denoise: denoiseMs, decode: decodeMs }),
        stored: (uploadMs) => phases({ upload: uploadMs }),
        end: (error) => span.end(error === undefined ? {} : { error }),
      }
    },

    ended(model, { status, error, metrics: job }) {
      metrics.jobsEnded.inc({ status, code: error?.code ?? '' })
      if (!job) return
      for (const stage of STAGES) metrics.stageSeconds.observe({ stage, model }, job[`${stage}_ms`] / 1000)
    },
  }
}
