import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** One request as it came over the wire. */
export interface WireRequest {
  method: string
  /** Path and query as sent. */
  target: string
  headers: IncomingHttpHeaders
}

export interface Verifier {
  accessKeyId: string
  secretAccessKey: string
  region: string
  now(): Date
}

/** The S3 error code that a wrong signature deserves. */
export type SignatureFault = 'AccessDenied' | 'InvalidAccessKeyId' | 'RequestTimeTooSkewed' | 'SignatureDoesNotMatch'

const MAX_SKEW_MS = 15 * 60 * 1000
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/**
 * Checks a Signature Version 4 in the Authorization header or in the query, written from Amazon's description of the
 * protocol and not from any client ("Signature Calculations", Amazon S3 API reference). Null when it is right.
 */
export function verifySignature(request: WireRequest, verifier: Verifier): SignatureFault | null {
  const url = new URL(request.target, 'http://host')
  const presigned = url.searchParams.has('X-Amz-Signature')
  const claim = presigned ? claimOfQuery(url.searchParams) : claimOfHeaders(request.headers)
  if (claim === null) return 'AccessDenied'
  const [keyId, day, region, service, terminator] = claim.credential.split('/')
  if (keyId !== verifier.accessKeyId) return 'InvalidAccessKeyId'
  if (region !== verifier.region || service !== 's3' || terminator !== 'aws4_request') return 'SignatureDoesNotMatch'
  const signedAt = parseTime(claim.time)
  if (!claim.time.startsWith(`${day}T`) || Number.isNaN(signedAt)) return 'AccessDenied'
  const age = verifier.now().getTime() - signedAt
  if (presigned ? age > claim.expires * 1000 || claim.expires > 604_800 : Math.abs(age) > MAX_SKEW_MS) {
    return presigned ? 'AccessDenied' : 'RequestTimeTooSkewed'
  }
  if (!coversEnough(claim.signedHeaders, request.headers)) return 'AccessDenied'
  const expected = signatureOf(request, url, claim, `${day}/${region}/s3/aws4_request`, verifier.secretAccessKey)
  return timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature)) ? null : 'SignatureDoesNotMatch'
}

interface Claim {
  credential: string
  signedHeaders: string[]
  signature: string
  time: string
  /** Seconds. */
  expires: number
  payloadHash: string
}

function claimOfHeaders(headers: IncomingHttpHeaders): Claim | null {
  const [, credential = '', signedHeaders = '', signature = ''] = AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  const time = String(headers['x-amz-date'] ?? '')
  const payloadHash = String(headers['x-amz-content-sha256'] ?? '')
  if (signature === '' || time === '' || payloadHash === '') return null
  return { credential, signedHeaders: signedHeaders.split(';'), signature, time, expires: 0, payloadHash }
}

function claimOfQuery(query: URLSearchParams): Claim | null {
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return null
  const signature = query.get('X-Amz-Signature') ?? ''
  if (!/^[0-9a-f]{64}$/.test(signature)) return null
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature,
    time: query.get('X-Amz-Date') ?? '',
    expires: Number(query.get('X-Amz-Expires') ?? Number.NaN),
    payloadHash: 'UNSIGNED-PAYLOAD',
  }
}

/** `host` and every `x-amz-` header must be signed, or somebody on the way could change them. */
function coversEnough(signed: string[], headers: IncomingHttpHeaders): boolean {
  const needed = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'))
  return needed.every((name) => signed.includes(name))
}

function signatureOf(request: WireRequest, url: URL, claim: Claim, scope: string, secret: string): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
  const canonical = [
    request.method,
    decodeURIComponent(url.pathname).split('/').map(encode).join('/'),
    query.join('&'),
    ...claim.signedHeaders.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', claim.time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`)
  return hmac(key, text).toString('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Every byte but the unreserved ones, in upper-case hexadecimal. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function parseTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
