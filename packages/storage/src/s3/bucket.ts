import { bucketAddress } from './address.ts'
import { keysOf } from './role-keys.ts'
import type { Limits, S3Options } from './s3-options.ts'
import { type S3Request, type Signer, signedFetch } from './signed-fetch.ts'

/** The part of a bucket that is ours, and how it is reached. */
export interface Bucket {
  /** Before every key: empty, or ending in a slash. */
  prefix: string
  url: string | URL
  urlOf(key: string): URL
  /** Null where clients cannot reach the bucket. */
  publicUrlOf(key: string): URL | null
  send(request: S3Request, signal: AbortSignal): Promise<Response>
  limits: Limits
  signer: Signer
}

export function openBucket(bucket: string, prefix: string, options: S3Options, limits: Limits): Bucket {
  const { region = 'us-east-1', endpoint, publicEndpoint } = options
  const addressing = options.addressing ?? (endpoint === undefined ? 'virtual' : 'path')
  const address = bucketAddress(endpoint ?? `https://s3.${region}.amazonaws.com`, bucket, addressing)
  const signer = { keys: keysOf(options), region }
  const publicAddress = publicEndpoint === undefined ? null : bucketAddress(publicEndpoint, bucket, addressing)
  return {
    prefix,
    url: address.bucket,
    urlOf: (key) => address.object(prefix + key),
    publicUrlOf: (key) => publicAddress?.object(prefix + key) ?? null,
    send: (request, signal) => signedFetch(signer, request, signal),
    limits,
    signer,
  }
}
