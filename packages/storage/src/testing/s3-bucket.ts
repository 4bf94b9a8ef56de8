import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface BucketObject {
  bytes: Buffer
  contentType: string
  etag: string
  modifiedAt: Date
}

/** An answer before it goes over the wire. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

export interface BucketRequest {
  method: string
  /** Empty for the bucket itself. */
  key: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
}

const NOTHING = Buffer.alloc(0)

/** Answers one authorised request against the objects of a bucket, as S3 does for the calls that the adapter makes. */
export function answerFrom(objects: Map<string, BucketObject>, request: BucketRequest, pageSize: number): Answer {
  const { method, key, query, headers, body } = request
  if (key === '') {
    return method === 'GET' ? listPage(objects, query, pageSize) : errorAnswer(405, 'MethodNotAllowed')
  }
  const object = objects.get(key)
  switch (method) {
    case 'PUT': {
      if (headers['if-none-match'] === '*' && object !== undefined) return errorAnswer(412, 'PreconditionFailed')
      const etag = `"${createHash('md5').update(body).digest('hex')}"`
      const contentType = headers['content-type'] ?? 'binary/octet-stream'
      objects.set(key, { bytes: body, contentType, etag, modifiedAt: new Date() })
      return { status: 200, headers: { etag }, body: NOTHING }
    }
    case 'DELETE':
      objects.delete(key)
      return { status: 204, headers: {}, body: NOTHING }
    case 'GET':
    case 'HEAD':
      return object === undefined ? errorAnswer(404, 'NoSuchKey') : readAnswer(object, headers.range, query)
    default:
      return errorAnswer(405, 'MethodNotAllowed')
  }
}

export function errorAnswer(status: number, code: string): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`)
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function readAnswer(object: BucketObject, range: string | undefined, query: URLSearchParams): Answer {
  const { bytes, etag, modifiedAt } = object
  const headers: Record<string, string> = {
    etag,
    'last-modified': modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': query.get('response-content-type') ?? object.contentType,
  }
  const disposition = query.get('response-content-disposition')
  if (disposition !== null) headers['content-disposition'] = disposition
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined) return { status: 200, headers, body: bytes }
  const start = Number(first)
  const end = Math.min(last ? Number(last) : Number.POSITIVE_INFINITY, bytes.length - 1)
  if (start >= bytes.length) return errorAnswer(416, 'InvalidRange')
  headers['content-range'] = `bytes ${start}-${end}/${bytes.length}`
  return { status: 206, headers, body: bytes.subarray(start, end + 1) }
}

function listPage(objects: Map<string, BucketObject>, query: URLSearchParams, pageSize: number): Answer {
  if (query.get('list-type') !== '2') return errorAnswer(501, 'NotImplemented')
  const prefix = query.get('prefix') ?? ''
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = keys.slice(0, pageSize)
  const last = page.at(-1)
  const truncated = keys.length > page.length && last !== undefined
  const next = truncated ? Buffer.from(last).toString('base64') : ''
  const items = page.map((key) => contentsElement(key, objects.get(key)))
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${truncated}</IsTruncated>${items.join('')}${
    truncated ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''
  }</ListBucketResult>`
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) }
}

function contentsElement(key: string, object: BucketObject | undefined): string {
  if (object === undefined) return ''
  const { bytes, etag, modifiedAt } = object
  const escaped = key.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
  return `<Contents><Key>${escaped}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><ETag>${etag.replaceAll(
    '"',
    '&quot;',
  )}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
}
