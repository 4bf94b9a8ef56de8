import type { JobStatus, Progress } from '@pentimento/contracts'

/**
 * A hint that something happened to a job. The truth is the record: read it after a `status`, and never rely on having
 * seen every event.
 */
export type JobEvent =
  | { type: 'status'; id: string; status: JobStatus }
  | { type: 'progress'; id: string; progress: Progress }
  /** A WebP picture of at most 16 kB, never stored. */
  | { type: 'preview'; id: string; index: number; step: number; image: Uint8Array }
  /** Messages may have been missed (the connection was lost and is back): read the record. */
  | { type: 'resync'; id: string }

export interface JobEvents {
  /**
   * Calls `listener` for events of one job until the returned function is called. All subscriptions share one
   * connection.
   */
  subscribe(id: string, listener: (event: JobEvent) => void): () => void
  /**
   * Asks the worker for a preview every `every` steps during the next 15 s; repeat while somebody watches. Of those who
   * ask at about the same time the one who wants most is heard.
   */
  requestPreviews(id: string, every: number): Promise<void>
  /** Refuses (false) a picture above 16 kB. @param preview.index of the job's picture that it is of */
  publishPreview(id: string, preview: { index: number; step: number; image: Uint8Array }): Promise<boolean>
}
