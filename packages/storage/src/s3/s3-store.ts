import { randomUUID } from 'node:crypto'
import { assertRange, resolveRange } from '../byte-range.ts'
import { type Chunks, exactBody, readWhole } from '../exact-body.ts'
import { assertContentType, assertKey, assertPrefix, contentTypeOf, isKey } from '../key-rules.ts'
import type { ByteRange, ObjectInfo, ObjectStore, PutOptions, SignedUrlOptions, StoredObject } from '../object-store.ts'
import { bucketAddress } from './address.ts'
import { parseListPage } from './list-page.ts'
import { retrying } from './retry.ts'
import { S3Error, s3ErrorOf } from './s3-error.ts'
import type { Limits, S3Options } from './s3-options.ts'
import { type S3Request, signedFetch, signUrl } from './signed-fetch.ts'

const READ_TRIES = 3
const DELETES_AT_ONCE = 8
const MAX_EXPIRY_SECONDS = 604_800

/** Objects in an S3 bucket, below `prefix` (empty, or ending in a slash). */
export function openS3Store(bucket: string, prefix: string, options: S3Options, limits: Limits): ObjectStore {
  const { region = 'us-east-1', endpoint, publicEndpoint } = options
  const addressing = options.addressing ?? (endpoint === undefined ? 'virtual' : 'path')
  const address = bucketAddress(endpoint ?? `https://s3.${region}.amazonaws.com`, bucket, addressing)
  const publicAddress = publicEndpoint === undefined ? null : bucketAddress(publicEndpoint, bucket, addressing)
  const urlOf = (key: string) => address.object(prefix + key)
  const send = (request: S3Request, signal: AbortSignal) => signedFetch(options, request, signal)

  async function put(key: string, bytes: Uint8Array, { contentType, ifNoneMatch = false }: PutOptions) {
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
      const ours = tries > 1 && Buffer.from(bytes).equals((await read(key)) ?? new Uint8Array(0))
      return ours ? 'stored' : 'exists'
    }
    return retrying(`write ${key}`, limits, write, bytes.byteLength)
  }

  async function get(key: string, range?: ByteRange): Promise<StoredObject | null> {
    assertKey(key)
    if (range !== undefined) assertRange(range)
    const headers: Record<string, string> =
      range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ''}` }
    return retrying(`read ${key}`, limits, async (signal) => {
      const response = await send({ method: 'GET', url: urlOf(key), headers }, signal)
      if (response.status === 416 && range !== undefined) {
        await response.arrayBuffer()
        resolveRange(key, range, (await head(key))?.size ?? 0)
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

  async function read(key: string): Promise<Uint8Array | null> {
    for (let tries = 1; ; tries++) {
      const object = await get(key)
      if (object === null) return null
      try {
        return await readWhole(object, limits.deadlineMs)
      } catch (error) {
        if (tries === READ_TRIES) throw error
      }
    }
  }

  async function head(key: string): Promise<ObjectInfo | null> {
    assertKey(key)
    return retrying(`look up ${key}`, limits, async (signal) => {
      const response = await send({ method: 'HEAD', url: urlOf(key) }, signal)
      if (response.status === 404) return null
      if (response.status !== 200) throw await s3ErrorOf(response)
      return infoOf(key, lengthOf(response), response)
    })
  }

  async function remove(key: string): Promise<void> {
    assertKey(key)
    await retrying(`delete ${key}`, limits, async (signal) => {
      const response = await send({ method: 'DELETE', url: urlOf(key) }, signal)
      if (response.status === 404) await orMissing(response)
      else if (!response.ok) throw await s3ErrorOf(response)
      else await response.arrayBuffer()
    })
  }

  async function* list(below: string): AsyncGenerator<ObjectInfo> {
    assertPrefix(below)
    for (let token: string | null = ''; token !== null; ) {
      const url = new URL(address.bucket)
      url.searchParams.set('list-type', '2')
      if (prefix + below !== '') url.searchParams.set('prefix', prefix + below)
      if (token !== '') url.searchParams.set('continuation-token', token)
      const page = await retrying(`list ${below}`, limits, async (signal) => {
        const response = await send({ method: 'GET', url }, signal)
        if (response.status !== 200) throw await s3ErrorOf(response)
        return parseListPage(await response.text())
      })
      for (const { key: fullKey, ...info } of page.objects) {
        const key = fullKey.slice(prefix.length)
        // A bucket may also hold what consoles and other programs put there.
        if (isKey(key)) yield { key, ...info, contentType: contentTypeOf(key) }
      }
      token = page.next
    }
  }

  async function deletePrefix(below: string): Promise<number> {
    let count = 0
    let batch: Promise<void>[] = []
    for await (const { key } of list(below)) {
      batch.push(remove(key))
      count++
      if (batch.length === DELETES_AT_ONCE) {
        await Promise.all(batch)
        batch = []
      }
    }
    await Promise.all(batch)
    return count
  }

  async function signedUrl(key: string, { expiresSeconds, filename, contentType }: SignedUrlOptions) {
    assertKey(key)
    if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRY_SECONDS) {
      throw new TypeError(`a signed URL can last 1 to ${MAX_EXPIRY_SECONDS} seconds, not ${expiresSeconds}`)
    }
    if (filename !== undefined && !/^[\w.-]{1,128}$/.test(filename)) {
      throw new TypeError(`not a file name for a signed URL: ${JSON.stringify(filename)}`)
    }
    if (publicAddress === null) return null
    const url = publicAddress.object(prefix + key)
    // Without a space: servers disagree on how a signed one is written.
    if (filename !== undefined) url.searchParams.set('response-content-disposition', `inline;filename="${filename}"`)
    if (contentType !== undefined) url.searchParams.set('response-content-type', contentType)
    return signUrl(options, url, expiresSeconds)
  }

  async function check(): Promise<void> {
    const url = urlOf(`checks/${randomUUID()}.txt`)
    await retrying('write', { ...limits, deadlineMs: limits.timeoutMs }, async (signal) => {
      for (const method of ['PUT', 'DELETE'] as const) {
        const response = await send({ method, url, ...(method === 'PUT' ? { body: Buffer.from('ok') } : {}) }, signal)
        if (!response.ok) throw await s3ErrorOf(response)
        await response.arrayBuffer()
      }
    })
  }

  return { put, get, read, head, delete: remove, deletePrefix, list, signedUrl, check }
}

/** Null for an object that is missing; a missing bucket is an error. */
async function orMissing(response: Response): Promise<null> {
  const error = await s3ErrorOf(response)
  if (error.s3Code === 'NoSuchBucket') throw error
  return null
}

function infoOf(key: string, size: number, response: Response): ObjectInfo {
  return {
    key,
    size,
    contentType: contentTypeOf(key),
    etag: response.headers.get('etag') ?? '""',
    modifiedAt: new Date(response.headers.get('last-modified') ?? Number.NaN),
  }
}

function lengthOf(response: Response): number {
  const length = response.headers.get('content-length')
  if (length === null) throw new S3Error(response.status, 'without Content-Length')
  return Number(length)
}

function partOf(response: Response): { start: number; end: number; size: number } {
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  if (found === null) throw new S3Error(response.status, 'without Content-Range')
  return { start: Number(found[1]), end: Number(found[2]), size: Number(found[3]) }
}

function chunksOf(response: Response): Chunks {
  const reader = response.body?.getReader()
  return {
    next: async () => (await reader?.read())?.value ?? null,
    close: () => reader?.cancel(),
  }
}
