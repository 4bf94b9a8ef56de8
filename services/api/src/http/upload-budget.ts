import { HttpProblem } from './problem.ts'

/** Bytes of uploads that may be in memory at once; further ones wait, unread, in order of arrival. */
export interface UploadBudget {
  /**
   * Waits until `bytes` more may be held; answers the function that gives them back, which may be called again without effect.
   *
   * @throws HttpProblem `overloaded` when the turn does not come in time or the client leaves
   */
  take(bytes: number, gone: AbortSignal): Promise<() => void>
}

interface Turn {
  bytes: number
  come: () => void
}

/**
 * @param total bytes; one upload alone may be larger
 * @param patienceMs how long one waits for its turn
 */
export function createUploadBudget(total: number, patienceMs = 10_000): UploadBudget {
  const waiting: Turn[] = []
  let held = 0

  function next(): void {
    for (let first = waiting[0]; first && (held === 0 || held + first.bytes <= total); first = waiting[0]) {
      waiting.shift()
      held += first.bytes
      first.come()
    }
  }

  function giveBack(bytes: number): () => void {
    let given = false
    return () => {
      if (given) return
      given = true
      held -= bytes
      next()
    }
  }

  return {
    take: (bytes, gone) =>
      new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer)
          gone.removeEventListener('abort', leave)
          waiting.splice(waiting.indexOf(turn), 1)
          reject(
            new HttpProblem('overloaded', 'too many uploads are under way', { retryAfterSeconds: patienceMs / 1000 }),
          )
          next()
        }
        const turn: Turn = {
          bytes,
          come: () => {
            clearTimeout(timer)
            gone.removeEventListener('abort', leave)
            resolve(giveBack(bytes))
          },
        }
        const timer = setTimeout(leave, patienceMs)
        gone.addEventListener('abort', leave, { once: true })
        waiting.push(turn)
        next()
      }),
  }
}
