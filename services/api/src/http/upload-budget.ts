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

interface Open {
  tenant: string
  held: number
  waiting: { bytes: number; come: () => void } | null
}

/**
 * @param total bytes. Whoever has held some for longest may exceed it: of many uploads that each hold a part, one can always end.
 * @param share bytes of it that one tenant may hold, with the same exception
 * @param patienceMs how long one waits for room
 */
export function createUploadBudget(total: number, share = total, patienceMs = 10_000): UploadBudget {
  // In the order in which they came to hold something.
  const opened = new Set<Open>()

  function mayTake(upload: Open, bytes: number): boolean {
    let [all, own] = [bytes, bytes]
    let oldestOfTenant: Open | undefined
    for (const other of opened) {
      all += other.held
      if (other.tenant !== upload.tenant) continue
      own += other.held
      oldestOfTenant ??= other
    }
    // The oldest of all may exceed both; the oldest of a tenant that tenant's share.
    const isOldest = upload === opened.values().next().value
    return isOldest || (all <= total && (own <= share || upload === oldestOfTenant))
  }

  /** Nobody waits behind one whose bytes do not fit: the next may be another tenant's. */
  function next(): void {
    for (const upload of opened) {
      if (!upload.waiting || !mayTake(upload, upload.waiting.bytes)) continue
      const { bytes, come } = upload.waiting
      upload.waiting = null
      upload.held += bytes
      come()
    }
  }

  return {
    open(tenant, gone) {
      const upload: Open = { tenant, held: 0, waiting: null }
      return {
        take(bytes) {
          opened.add(upload)
          if (mayTake(upload, bytes)) {
            upload.held += bytes
            return Promise.resolve()
          }
          return new Promise((resolve, reject) => {
            const settle = (finish: () => void) => {
              clearTimeout(timer)
              gone.removeEventListener('abort', leave)
              finish()
            }
            const leave = () => {
              upload.waiting = null
              const options = { retryAfterSeconds: patienceMs / 1000 }
              settle(() => reject(new HttpProblem('overloaded', 'too many uploads are under way', options)))
            }
            const timer = setTimeout(leave, patienceMs)
            gone.addEventListener('abort', leave, { once: true })
            upload.waiting = { bytes, come: () => settle(resolve) }
            if (gone.aborted) leave()
          })
        },
        close() {
          opened.delete(upload)
          upload.held = 0
          next()
        },
      }
    },
  }
}
