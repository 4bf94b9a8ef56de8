import { fileURLToPath } from 'node:url'
import { assertKey } from './key-rules.ts'
import { assertBucket } from './s3/address.ts'

/** Where objects lie: in a folder, or in a bucket below `prefix` (empty, or ending in a slash). */
type StoragePlace = { kind: 'file'; dir: string } | { kind: 's3'; bucket: string; prefix: string }

/** Reads `file:///dir` or `s3://bucket/prefix`; throws a `TypeError` for anything else. */
export function parseStorageUrl(text: string): StoragePlace {
  const url = URL.parse(text)
  if (url?.protocol === 'file:' && url.hostname === '' && url.pathname !== '/') {
    return { kind: 'file', dir: fileURLToPath(url).replace(/\/+$/, '') }
  }
  if (url?.protocol === 's3:' && url.hostname !== '') {
    assertBucket(url.hostname)
    const prefix = url.pathname.replace(/^\/|\/$/g, '')
    if (prefix !== '') assertKey(prefix)
    return { kind: 's3', bucket: url.hostname, prefix: prefix === '' ? '' : `${prefix}/` }
  }
  throw new TypeError(`not a storage URL: ${JSON.stringify(text)} is neither file:///dir nor s3://bucket/prefix`)
}
