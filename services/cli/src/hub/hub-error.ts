/** The hub, or the server it refers to for a file, refused. */
export class HubRefusal extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.name = 'HubRefusal'
    this.status = status
  }
}

/** What the hub answers cannot be true, or is not what it announced. Asking again would not help. */
export class HubLie extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(`${detail}: pull from a hub that you trust`, options)
    this.name = 'HubLie'
  }
}
