import { randomUUID } from 'node:crypto'
import type { ObjectStore } from '../object-store.ts'
import { type Bucket, openBucket } from './bucket.ts'
import { listObjects } from './list-objects.ts'
import { getObject, headObject, readObject } from './read-object.ts'
import { retrying } from './retry.ts'
import { s3ErrorOf } from './s3-error.ts'
import type { Limits, S3Options } from './s3-options.ts'
import { signedUrl } from './signed-url.ts'
import { deleteBelow, deleteObject, putObject } from './write-object.ts'

/** Objects in an S3 bucket, below `prefix` (empty, or ending in a slash). */
export function openS3Store(name: string, prefix: string, options: S3Options, limits: Limits): ObjectStore {
  const bucket = openBucket(name, prefix, options, limits)
  return {
    put: (key, bytes, how) => putObject(bucket, key, bytes, how),
    get: (key, range) => getObject(bucket, key, range),
    read: (key) => readObject(bucket, key),
    head: (key) => headObject(bucket, key),
    delete: (key) => deleteObject(bucket, key),
    deletePrefix: (below) => deleteBelow(bucket, below),
    list: (below) => listObjects(bucket, below),
    signedUrl: (key, how) => signedUrl(bucket, key, how),
    check: () => checkBucket(bucket),
  }
}

/** Writes a little and deletes it again. @throws what stands in the way */
async function checkBucket({ limits, send, urlOf }: Bucket): Promise<void> {
  const url = urlOf(`checks/${randomUUID()}.txt`)
  await retrying('write', { ...limits, deadlineMs: limits.timeoutMs }, async (signal) => {
    for (const method of ['PUT', 'DELETE'] as const) {
      const response = await send({ method, url, ...(method === 'PUT' ? { body: Buffer.from('ok') } : {}) }, signal)
      if (!response.ok) throw await s3ErrorOf(response)
      await response.arrayBuffer()
    }
  })
}
