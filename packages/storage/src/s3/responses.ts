import type { Chunks } from '../exact-body.ts'
import { contentTypeOf } from '../key-rules.ts'
import type { ObjectInfo } from '../object-store.ts'
import { S3Error, s3ErrorOf } from './s3-error.ts'

/** Null for an object that is missing; a missing bucket is an error. */
export async function orMissing(response: Response): Promise<null> {
  const error = await s3ErrorOf(response)
  if (error.s3Code === 'NoSuchBucket') throw error
  return null
}

/** What the headers say of an object of that many bytes. */
export function infoOf(key: string, size: number, response: Response): ObjectInfo {
  return {
    key,
    size,
    contentType: contentTypeOf(key),
    etag: response.headers.get('etag') ?? '""',
    modifiedAt: new Date(response.headers.get('last-modified') ?? Number.NaN),
  }
}

export function lengthOf(response: Response): number {
  const length = response.headers.get('content-length')
  if (length === null) throw new S3Error(response.status, 'without Content-Length')
  return Number(length)
}

/** Which bytes of how many a partial answer holds. */
export function partOf(response: Response): { start: number; end: number; size: number } {
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  if (found === null) throw new S3Error(response.status, 'without Content-Range')
  return { start: Number(found[1]), end: Number(found[2]), size: Number(found[3]) }
}

export function chunksOf(response: Response): Chunks {
  const reader = response.body?.getReader()
  return {
    next: async () => (await reader?.read())?.value ?? null,
    close: () => reader?.cancel(),
  }
}
