import { openFileStore } from './file/file-store.ts'
import type { ObjectStore } from './object-store.ts'
import type { S3Options } from './s3/s3-options.ts'
import { openS3Store } from './s3/s3-store.ts'
import { parseStorageUrl } from './storage-url.ts'

export interface StoreOptions {
  /** Needed for `s3://` alone. */
  s3?: S3Options | undefined
  /** Longest wait for one answer, and between two pieces of a body, in ms (5,000). */
  timeoutMs?: number
  /** Longest time of a whole call, retries included, in ms (20,000). */
  deadlineMs?: number
}

/** Opens `file:///dir` or `s3://bucket/prefix`; throws a `TypeError` for anything else or for missing options. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<ObjectStore> {
  const { timeoutMs = 5_000, deadlineMs = 20_000 } = options
  const place = parseStorageUrl(url)
  if (place.kind === 'file') return openFileStore(place.dir, deadlineMs)
  if (options.s3 === undefined) {
    throw new TypeError('an s3:// storage URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role')
  }
  return openS3Store(place.bucket, place.prefix, options.s3, { timeoutMs, deadlineMs })
}
