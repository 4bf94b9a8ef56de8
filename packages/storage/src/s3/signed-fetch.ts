import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import type { S3Options } from './s3-options.ts'

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  url: URL
  headers?: Record<string, string>
  body?: Uint8Array<ArrayBuffer>
}

/** Signs one request (SigV4 with the hash of the body) and sends it once; resolves with the head of the answer. */
export async function signedFetch(options: S3Options, request: S3Request, signal: AbortSignal): Promise<Response> {
  const { method, url, headers = {}, body } = request
  const { accessKeyId, secretAccessKey, region = 'us-east-1' } = options
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: {
      ...headers,
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    },
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    ...session(options),
  }).sign()
  // Not signed, because proxies rewrite it; wanted, because a compressed body has another length.
  signed.headers.set('accept-encoding', 'identity')
  return fetch(signed.url, { method, headers: signed.headers, body: body ?? null, signal, redirect: 'manual' })
}

/** A URL that reads one object until it expires (SigV4 in the query). */
export async function signUrl(options: S3Options, url: URL, expiresSeconds: number): Promise<string> {
  const { accessKeyId, secretAccessKey, region = 'us-east-1' } = options
  const unsigned = new URL(url)
  unsigned.searchParams.set('X-Amz-Expires', String(expiresSeconds))
  const signed = await new AwsV4Signer({
    method: 'GET',
    url: unsigned.href,
    signQuery: true,
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    ...session(options),
  }).sign()
  return signed.url.href
}

function session({ sessionToken }: S3Options): { sessionToken?: string } {
  return sessionToken === undefined ? {} : { sessionToken }
}
