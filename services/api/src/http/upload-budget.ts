import { HttpProblem } from './problem.ts'

/** Bytes of pictures that may be in memory at once while they come in, from clients and from elsewhere. */
export interface UploadBudget {
  /**
   * An upload that holds nothing yet.
   *
   * @param gone aborts when the client has left
   */
  open(tenant: string, gone: AbortSignal): Upload
}

export interface Upload {
  /**
   * Waits until so many bytes more may be held.
   *
   * @throws HttpProblem `overloaded` when there is no room in time, or the client leaves
   */
  take(bytes: number): Promise<void>
  /** Gives everything back; may be called again without effect. */
  close(): void
}

interface UploadBudgetOptions {
  /**
   * Several tenants share it: no one holds more than stays free for others, alone half, beside another a third (true).
   */
  shared?: boolean
  /** How long one waits for room, in ms (10,000). */
  patienceMs?: number
}

interface Open {
  tenant: string
  held: number
  waiting: { bytes: number; come: () => void } | null
}

interface Holding {
  held: number
  /** In the order in which they came to hold something. */
  opened: Set<Open>
}

/**
 * Of many uploads that each hold a part, one can always end: whoever has held some for longest may exceed all limits,
 * and the oldest of each tenant may exceed what its tenant may hold, as long as a quarter of everything stays free.
 *
 * @param total bytes
 */
export function createUploadBudget(
  total: number,
  { shared = true, patienceMs = 10_000 }: UploadBudgetOptions = {},
): UploadBudget {
  const all: Holding = { held: 0, opened: new Set() }
  const tenants = new Map<string, Holding>()

  function mayTake(upload: Open, bytes: number): boolean {
    const own = tenants.get(upload.tenant)
    const held = all.held + bytes
    if (held <= total && (!shared || (own?.held ?? 0) + bytes <= total - held)) return true
    if (upload === first(all.opened)) return true
    return upload === first(own?.opened) && held <= total * 0.75
  }

  function hold(upload: Open, bytes: number): void {
    upload.held += bytes
    for (const holding of [all, tenants.get(upload.tenant)]) if (holding) holding.held += bytes
  }

  function enter(upload: Open): void {
    const own = tenants.get(upload.tenant) ?? { held: 0, opened: new Set() }
    tenants.set(upload.tenant, own)
    for (const { opened } of [all, own]) opened.add(upload)
  }

  function leave(upload: Open): void {
    hold(upload, -upload.held)
    all.opened.delete(upload)
    const own = tenants.get(upload.tenant)
    own?.opened.delete(upload)
    if (own?.opened.size === 0) tenants.delete(upload.tenant)
  }

  /** Nobody waits behind one whose bytes do not fit: the next may be another tenant's. */
  function next(): void {
    for (const upload of all.opened) {
      if (!upload.waiting || !mayTake(upload, upload.waiting.bytes)) continue
      const { bytes, come } = upload.waiting
      upload.waiting = null
      hold(upload, bytes)
      come()
    }
  }

  function wait(upload: Open, bytes: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer)
        gone.removeEventListener('abort', give)
        finish()
      }
      const give = () => {
        upload.waiting = null
        settle(() => reject(tooMany(patienceMs)))
      }
      const timer = setTimeout(give, patienceMs)
      gone.addEventListener('abort', give, { once: true })
      upload.waiting = { bytes, come: () => settle(resolve) }
      if (gone.aborted) give()
    })
  }

  return {
    open(tenant, gone) {
      const upload: Open = { tenant, held: 0, waiting: null }
      return {
        async take(bytes) {
          enter(upload)
          if (!mayTake(upload, bytes)) return wait(upload, bytes, gone)
          hold(upload, bytes)
        },
        close() {
          leave(upload)
          next()
        },
      }
    },
  }
}

function tooMany(patienceMs: number): HttpProblem {
  const options = { retryAfterSeconds: patienceMs / 1000 }
  return new HttpProblem('overloaded', 'too many uploads are under way', options)
}

function first<T>(set: ReadonlySet<T> | undefined): T | undefined {
  return set?.values().next().value
}
