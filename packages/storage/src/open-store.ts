import { fileURLToPath } from 'node:url'
import { openFileStore } from './file/file-store.ts'
import { assertKey } from './key-rules.ts'
import type { ObjectStore } from './object-store.ts'
import type { S3Options } from './s3/s3-options.ts'
import { openS3Store } from './s3/s3-store.ts'

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
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'file:' && parsed.hostname === '' && parsed.pathname !== '/') {
    return openFileStore(fileURLToPath(parsed).replace(/\/+$/, ''), deadlineMs)
  }
  if (parsed?.protocol === 's3:' && parsed.hostname !== '') {
    if (options.s3 === undefined) {
      throw new TypeError('an s3:// storage URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
    }
    const prefix = parsed.pathname.replace(/^\/|\/$/g, '')
    if (prefix !== '') assertKey(prefix)
    return openS3Store(parsed.hostname, prefix === '' ? '' : `${prefix}/`, options.s3, { timeoutMs, deadlineMs })
  }
  throw new TypeError(`not a storage URL: ${JSON.stringify(url)} is neither file:///dir nor s3://bucket/prefix`)
}
