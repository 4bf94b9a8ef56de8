/**
 * Redis cannot be reached, did not answer in time, or refuses to write (maxmemory). Nothing of the call is known to
 * have happened.
 */
export class StateUnavailable extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(`the state store is not available: ${detail}`, options)
    this.name = 'StateUnavailable'
  }
}

/** The answer to an enqueue never came: the job may run. A retry with the same idempotency key finds out. */
export class EnqueueUnknown extends Error {
  constructor(options?: ErrorOptions) {
    super('it is not known whether the job was queued', options)
    this.name = 'EnqueueUnknown'
  }
}

/**
 * A new secret would sign beside too many that still do. Nothing has changed; `waitMs` from now the first of them
 * stops.
 */
export class TooManySecrets extends Error {
  readonly most: number
  readonly waitMs: number

  constructor(most: number, waitMs: number) {
    super(`${most} webhook secrets sign already, and none stops before its overlap ends`)
    this.name = 'TooManySecrets'
    this.most = most
    this.waitMs = waitMs
  }
}
