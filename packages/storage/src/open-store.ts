import { fileURLToPath } from 'node:url'
import { openFileStore } from './file/file-store.ts'
import type { ObjectStore } from './object-store.ts'

/** How an S3 bucket is reached; the bucket and the prefix stand in the URL. */
export interface S3Options {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** Default `us-east-1`. */
  region?: string
  /** Origin of the service, such as `http://localhost:9000`. Default: AWS in `region`. */
  endpoint?: string
  /** Origin under which clients reach the same bucket; without it there are no signed URLs. */
  publicEndpoint?: string
  /** Bucket in the path or in the host name. Default: `path` with an `endpoint`, `virtual` on AWS. */
  addressing?: 'path' | 'virtual'
}

export interface StoreOptions {
  s3?: S3Options
  /** Longest wait for one answer, and between two pieces of a body, in ms (5,000). */
  timeoutMs?: number
  /** Longest time of a whole call, retries included, in ms (20,000). */
  deadlineMs?: number
}

/** Opens `file:///dir` or `s3://bucket/prefix`; throws a `TypeError` for anything else or for missing options. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<ObjectStore> {
  const { deadlineMs = 20_000 } = options
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'file:' && parsed.hostname === '' && parsed.pathname !== '/') {
    return openFileStore(fileURLToPath(parsed).replace(/\/+$/, ''), deadlineMs)
  }
  throw new TypeError(`not a storage URL: ${JSON.stringify(url)} is neither file:///dir nor s3://bucket/prefix`)
}
