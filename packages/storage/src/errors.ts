/**
 * The store itself failed: unreachable, refused, full, too slow or cut off. Worth a retry; never the caller's fault.
 */
export class StorageUnavailable extends Error {
  readonly code = 'storage_unavailable'

  constructor(operation: string, cause: unknown) {
    super(`storage failed to ${operation}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'StorageUnavailable'
  }
}

/** A range was asked for that starts behind the object's last byte (HTTP 416). */
export class RangeNotSatisfiable extends RangeError {
  readonly code = 'range_not_satisfiable'
  /** Bytes of the whole object. */
  readonly size: number

  constructor(key: string, size: number) {
    super(`${key} has ${size} bytes: the range starts behind its end`)
    this.size = size
    this.name = 'RangeNotSatisfiable'
  }
}
