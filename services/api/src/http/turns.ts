/** Places that tenants take in turns: one who asks for many waits for himself, and nobody else for him. */
export interface Turns {
  /**
   * Waits for a place; answers the function that gives it back, which may be called again without effect.
   *
   * @param gone aborts when the place is not wanted any more: then it rejects with the signal's reason
   * @throws TooManyWaiting at once where the tenant waits for as many as it may
   */
  take(tenant: string, gone: AbortSignal): Promise<() => void>
}

export interface TurnsOptions {
  places: number
  /** Of one tenant at once (all). */
  perTenant?: number
  /** Of one tenant that wait (any number). */
  waiting?: number
}

export class TooManyWaiting extends Error {}

interface Tenant {
  taken: number
  waiting: (() => void)[]
  /** The number of its last turn. */
  served: number
}

export function createTurns({ places, perTenant = places, waiting = Infinity }: TurnsOptions): Turns {
  const tenants = new Map<string, Tenant>()
  let free = places
  let turn = 0

  function next(): void {
    while (free > 0) {
      const ready = [...tenants.values()].filter(({ taken, waiting }) => waiting.length > 0 && taken < perTenant)
      const [first, ...others] = ready
      if (!first) return
      const longestAgo = others.reduce((best, one) => (one.served < best.served ? one : best), first)
      longestAgo.served = ++turn
      longestAgo.waiting.shift()?.()
    }
  }

  function lend(name: string, tenant: Tenant): () => void {
    free--
    tenant.taken++
    let out = true
    return () => {
      if (!out) return
      out = false
      free++
      tenant.taken--
      forgetIdle(name, tenant)
      next()
    }
  }

  function forgetIdle(name: string, { taken, waiting }: Tenant): void {
    if (taken === 0 && waiting.length === 0) tenants.delete(name)
  }

  return {
    take(name, gone) {
      const tenant = tenants.get(name) ?? { taken: 0, waiting: [], served: 0 }
      if (tenant.waiting.length >= waiting && (free === 0 || tenant.taken >= perTenant)) {
        return Promise.reject(new TooManyWaiting())
      }
      tenants.set(name, tenant)
      return new Promise((resolve, reject) => {
        const come = () => {
          gone.removeEventListener('abort', leave)
          resolve(lend(name, tenant))
        }
        const leave = () => {
          tenant.waiting = tenant.waiting.filter((other) => other !== come)
          forgetIdle(name, tenant)
          reject(gone.reason)
        }
        tenant.waiting.push(come)
        gone.addEventListener('abort', leave, { once: true })
        if (gone.aborted) leave()
        else next()
      })
    },
  }
}
