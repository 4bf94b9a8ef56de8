import { assertContentType, assertKey } from '../key-rules.ts'
import type { PutOptions } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { listObjects } from './list-objects.ts'
import { readObject } from './read-object.ts'
import { orMissing } from './responses.ts'
import { retrying } from './retry.ts'
import { s3ErrorOf } from './s3-error.ts'

const DELETES_AT_ONCE = 8

/** @returns `exists` where there is an object already that `ifNoneMatch` is not to overwrite */
export async function putObject(
  bucket: Bucket,
  key: string,
  bytes: Uint8Array,
  { contentType, ifNoneMatch = false }: PutOptions,
): Promise<'stored' | 'exists'> {
  const { limits, send, urlOf } = bucket
  assertKey(key)
  assertContentType(key, contentType)
  const headers = { 'content-type': contentType, ...(ifNoneMatch ? { 'if-none-match': '*' } : {}) }
  // fetch takes any bytes but those of shared memory, which nobody stores.
  const body = bytes as Uint8Array<ArrayBuffer>
  const write = async (signal: AbortSignal, tries: number) => {
    const response = await send({ method: 'PUT', url: urlOf(key), headers, body }, signal)
    if (!response.ok && !(response.status === 412 && ifNoneMatch)) throw await s3ErrorOf(response)
    await response.arrayBuffer()
    if (response.ok) return 'stored'
    // What exists may be our own earlier try, whose answer was lost.
    const ours = tries > 1 && Buffer.from(bytes).equals((await readObject(bucket, key)) ?? new Uint8Array(0))
    return ours ? 'stored' : 'exists'
  }
  return retrying(`write ${key}`, limits, write, bytes.byteLength)
}

export async function deleteObject({ limits, send, urlOf }: Bucket, key: string): Promise<void> {
  assertKey(key)
  await retrying(`delete ${key}`, limits, async (signal) => {
    const response = await send({ method: 'DELETE', url: urlOf(key) }, signal)
    if (response.status === 404) await orMissing(response)
    else if (!response.ok) throw await s3ErrorOf(response)
    else await response.arrayBuffer()
  })
}

/** @returns how many there were */
export async function deleteBelow(bucket: Bucket, below: string): Promise<number> {
  let count = 0
  let batch: Promise<void>[] = []
  for await (const { key } of listObjects(bucket, below)) {
    batch.push(deleteObject(bucket, key))
    count++
    if (batch.length === DELETES_AT_ONCE) {
      await Promise.all(batch)
      batch = []
    }
  }
  await Promise.all(batch)
  return count
}
