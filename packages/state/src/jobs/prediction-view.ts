import { createHash } from 'node:crypto'
import type { JobMetrics, JobRequest } from '@pentimento/contracts'
import { openUrl, type Signer } from '../signing/signing.ts'
import type { JobRecord } from './record.ts'

interface PredictionOptions {
  /** Base of every URL, without a slash at its end. */
  publicUrl: string
  /** Where a picture is read, or the picture itself, for each of the job. */
  output: readonly string[]
}

/** A job as Replicate's API shows it, to those who ask and in its webhooks. */
export function toPrediction(record: JobRecord, { publicUrl, output }: PredictionOptions) {
  const { id, result, request } = record
  const self = `${publicUrl}/replicate/v1/predictions/${id}`
  return {
    id,
    model: `pentimento/${record.model}`,
    version: versionOf(record.model),
    input: inputOf(request),
    logs: logsOf(record),
    error: errorOf(record),
    status: statuses[record.status],
    data_removed: false,
    created_at: iso(record.createdAt),
    started_at: record.startedAt === null ? null : iso(record.startedAt),
    completed_at: record.finishedAt === null ? null : iso(record.finishedAt),
    metrics: result?.metrics
      ? { predict_time: predictSeconds(result.metrics), total_time: result.metrics.total_ms / 1000 }
      : {},
    urls: { get: self, cancel: `${self}/cancel` },
    output: record.status === 'succeeded' ? output : null,
  }
}

const statuses = {
  queued: 'starting',
  processing: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  expired: 'failed',
} as const

/** Replicate names versions by 64 hex digits; ours has one of each model. */
export function versionOf(model: string): string {
  return createHash('sha256').update(`pentimento/${model}`).digest('hex')
}

function errorOf({ status, result }: JobRecord): string | null {
  return status === 'expired' ? 'the prediction did not start in time' : (result?.error?.message ?? null)
}

/** The last line is tqdm's, from which SDKs read how far it is. */
function logsOf({ request, progress, status }: JobRecord): string {
  const lines = [`Using seed: ${request.parameters.seed}`, ...(request.warnings ?? []).map(({ message }) => message)]
  const { step, steps } = status === 'succeeded' ? whole(request) : (progress ?? { step: 0, steps: 0 })
  if (steps === 0) return `${lines.join('\n')}\n`
  const percent = Math.floor((step / steps) * 100)
  const done = Math.floor(percent / 10)
  return `${lines.join('\n')}\n${String(percent).padStart(3)}%|${'█'.repeat(done)}${' '.repeat(10 - done)}| ${step}/${steps}\n`
}

function whole({ parameters }: JobRequest): { step: number; steps: number } {
  return { step: parameters.steps_run, steps: parameters.steps_run }
}

/** What was effective, in the names of Replicate's models. */
function inputOf({ parameters }: JobRequest) {
  const { prompt, negative_prompt, width, height, num_images, steps, guidance_scale, sampler, seed, output_format } =
    parameters
  return {
    prompt,
    negative_prompt,
    width,
    height,
    num_outputs: num_images,
    num_inference_steps: steps,
    guidance_scale,
    scheduler: sampler,
    seed,
    output_format,
    ...('strength' in parameters && { prompt_strength: parameters.strength }),
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

function predictSeconds({ load_ms, encode_ms, denoise_ms, decode_ms, upload_ms }: JobMetrics): number {
  return (load_ms + encode_ms + denoise_ms + decode_ms + upload_ms) / 1000
}

/** Where a job's pictures are read without a key, in the size that was asked for. */
export function outputUrls(
  { id, result }: JobRecord,
  { publicUrl, signer }: { publicUrl: string; signer: Signer | null },
): string[] {
  const pathOf = ({ index }: { index: number }) => `/replicate/v1/predictions/${id}/output/${index}`
  return (result?.images ?? []).map((image) => openUrl(publicUrl, pathOf(image), signer))
}
