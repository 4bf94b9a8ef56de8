import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import type { S3Keys } from './s3-options.ts'

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  url: URL
  headers?: Record<string, string>
  body?: Uint8Array<ArrayBuffer>
}

/** Whose signature a request gets. */
export interface Signer {
  keys(): Promise<S3Keys>
  region: string
}

/** Signs one request (SigV4 with the hash of the body) and sends it once; resolves with the head of the answer. */
export async function signedFetch(signer: Signer, request: S3Request, signal: AbortSignal): Promise<Response> {
  const { method, url, headers = {}, body } = request
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: {
      ...headers,
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    },
    ...(await signing(signer, signal)),
  }).sign()
  // Not signed, because proxies rewrite it; wanted, because a compressed body has another length.
  signed.headers.set('accept-encoding', 'identity')
  return fetch(signed.url, { method, headers: signed.headers, body: body ?? null, signal, redirect: 'manual' })
}

/** A URL that reads one object until it expires (SigV4 in the query), or until the keys that signed it do. */
export async function signUrl(signer: Signer, url: URL, expiresSeconds: number): Promise<string> {
  const unsigned = new URL(url)
  unsigned.searchParams.set('X-Amz-Expires', String(expiresSeconds))
  const signed = await new AwsV4Signer({
    method: 'GET',
    url: unsigned.href,
    signQuery: true,
    ...(await signing(signer)),
  }).sign()
  return signed.url.href
}

async function signing({ keys, region }: Signer, signal?: AbortSignal) {
  const { accessKeyId, secretAccessKey, sessionToken } = await (signal ? beforeAbort(keys(), signal) : keys())
  const session = sessionToken === undefined ? {} : { sessionToken }
  return { accessKeyId, secretAccessKey, region, service: 's3', ...session }
}

/** What `work` gives, unless the signal aborts first; `work` goes on. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
