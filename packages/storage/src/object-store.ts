import type { Readable } from 'node:stream'

/** What the store knows about an object without its bytes. */
export interface ObjectInfo {
  key: string
  /** Bytes of the whole object. */
  size: number
  contentType: string
  /** Quoted, as an HTTP header carries it; changes whenever the object is written again. */
  etag: string
  modifiedAt: Date
}

/** First and last byte, both included, as in HTTP. Without `end`: up to the last byte. */
export interface ByteRange {
  start: number
  end?: number
}

export interface StoredObject extends ObjectInfo {
  /**
   * Exactly the bytes promised, or an error: a transfer that ends early destroys the stream with `StorageUnavailable`.
   */
  body: Readable
  /** The bytes that `body` carries, or null when it carries the whole object. */
  range: { start: number; end: number } | null
}

export interface PutOptions {
  /** Must be the type that the key's extension stands for. */
  contentType: string
  /** Write only when there is no such object yet. */
  ifNoneMatch?: boolean
}

export interface SignedUrlOptions {
  /** 1 to 604,800 (7 days, the limit of SigV4). */
  expiresSeconds: number
  /** Answered as `Content-Disposition: inline; filename="…"`, as the api does. */
  filename?: string
  contentType?: string
}

/**
 * Where uploads and results lie. Keys come from `keys` alone. Every call ends within a bounded time; a failure of the
 * store itself is always a `StorageUnavailable`, and an object is either whole or absent.
 */
export interface ObjectStore {
  /** Stores `body` durably. `exists` is answered only with `ifNoneMatch`, and leaves the object as it was. */
  put(key: string, body: Uint8Array, options: PutOptions): Promise<'stored' | 'exists'>
  /** Null when there is no such object. Throws `RangeNotSatisfiable` when `range` starts behind the last byte. */
  get(key: string, range?: ByteRange): Promise<StoredObject | null>
  /** All bytes of an object, or null. */
  read(key: string): Promise<Uint8Array | null>
  head(key: string): Promise<ObjectInfo | null>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  /** Deletes every object below `prefix`, which ends in a slash; returns how many there were. */
  deletePrefix(prefix: string): Promise<number>
  /** Every object below `prefix` (empty, or ending in a slash), in order of the keys. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  /** A URL by which anybody may read the object until it expires, or null where the store offers none. */
  signedUrl(key: string, options: SignedUrlOptions): Promise<string | null>
  /** Resolves when the store can be reached and written, for readiness probes. */
  check(): Promise<void>
}
