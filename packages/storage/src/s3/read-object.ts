import { assertRange, resolveRange } from '../byte-range.ts'
import { exactBody, readWhole } from '../exact-body.ts'
import { assertKey } from '../key-rules.ts'
import type { ByteRange, ObjectInfo, StoredObject } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { chunksOf, infoOf, lengthOf, orMissing, partOf } from './responses.ts'
import { retrying } from './retry.ts'
import { s3ErrorOf } from './s3-error.ts'

const READ_TRIES = 3

/** @returns null for an object that is not there */
export async function getObject(bucket: Bucket, key: string, range?: ByteRange): Promise<StoredObject | null> {
  const { limits, send, urlOf } = bucket
  assertKey(key)
  if (range !== undefined) assertRange(range)
  const headers: Record<string, string> =
    range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ''}` }
  return retrying(`read ${key}`, limits, async (signal) => {
    const response = await send({ method: 'GET', url: urlOf(key), headers }, signal)
    if (response.status === 416 && range !== undefined) {
      await response.arrayBuffer()
      resolveRange(key, range, (await headObject(bucket, key))?.size ?? 0)
    }
    if (response.status === 404) return orMissing(response)
    if (response.status !== (range === undefined ? 200 : 206)) throw await s3ErrorOf(response)
    const part = range === undefined ? null : partOf(response)
    const size = part?.size ?? lengthOf(response)
    const length = part === null ? size : part.end + 1 - part.start
    return {
      ...infoOf(key, size, response),
      range: part === null ? null : { start: part.start, end: part.end },
      body: exactBody(key, length, limits.timeoutMs, chunksOf(response)),
    }
  })
}

/** All bytes of an object, asked for again when the connection breaks within them. */
export async function readObject(bucket: Bucket, key: string): Promise<Uint8Array | null> {
  for (let tries = 1; ; tries++) {
    const object = await getObject(bucket, key)
    if (object === null) return null
    try {
      return await readWhole(object, bucket.limits.deadlineMs)
    } catch (error) {
      if (tries === READ_TRIES) throw error
    }
  }
}

export async function headObject({ limits, send, urlOf }: Bucket, key: string): Promise<ObjectInfo | null> {
  assertKey(key)
  return retrying(`look up ${key}`, limits, async (signal) => {
    const response = await send({ method: 'HEAD', url: urlOf(key) }, signal)
    if (response.status === 404) return null
    if (response.status !== 200) throw await s3ErrorOf(response)
    return infoOf(key, lengthOf(response), response)
  })
}
