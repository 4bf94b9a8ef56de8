import type { Job } from '@pentimento/contracts'
import { openUrl, type Signer } from '../signing/signing.ts'
import type { JobRecord } from './record.ts'

interface JobViewOptions {
  /** Base of every URL, without a slash at its end. */
  publicUrl: string
  /** Of the key that whoever is shown the job has; null where there are none. */
  signer: Signer | null
  queuePosition?: number | null
  etaSeconds?: number | null
}

/** The public job object of a record: what the routes and the webhooks show. */
export function toJob(record: JobRecord, { publicUrl, signer, queuePosition, etaSeconds }: JobViewOptions): Job {
  const path = `/v1/jobs/${record.id}`
  const self = `${publicUrl}${path}`
  const signed = (below: string) => openUrl(publicUrl, path + below, signer)
  const { result, request } = record
  const { steps_run, ...parameters } = request.parameters
  const view = {
    id: record.id,
    status: record.status,
    model: record.model,
    source: request.source ?? null,
    created_at: iso(record.createdAt),
    started_at: isoOrNull(record.startedAt),
    finished_at: isoOrNull(record.finishedAt),
    expires_at: isoOrNull(record.expiresAt),
    cancel_requested_at: isoOrNull(record.cancelRequestedAt),
    queue_position: queuePosition ?? null,
    eta_seconds: etaSeconds ?? null,
    progress: record.progress,
    steps_run,
    images: (result?.images ?? []).map((image) => {
      const below = `/images/${image.index}`
      return { ...image, flagged: image.flagged ?? null, url: self + below, signed_url: signed(below) }
    }),
    error: result?.error ?? null,
    warnings: [...(request.warnings ?? []), ...(result?.warnings ?? [])],
    // A worker of an earlier version told nothing of shapes.
    metrics: result?.metrics ? { ...result.metrics, shape_warmup_ms: result.metrics.shape_warmup_ms ?? 0 } : null,
    metadata: request.metadata,
    urls: { self, cancel: `${self}/cancel`, events: `${self}/events`, events_signed: signed('/events') },
    signed_until: signer && iso(signer.until),
  }
  return { ...view, kind: request.kind, parameters } as Job
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time)
}
