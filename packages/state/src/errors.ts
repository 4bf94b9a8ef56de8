/** Redis cannot be reached, did not answer in time, or refuses to write (maxmemory). Nothing of the call is known to have happened. */
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
