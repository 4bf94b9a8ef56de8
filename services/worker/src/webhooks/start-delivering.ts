import { setTimeout as sleep } from 'node:timers/promises'
import type { DueDelivery, Webhooks } from '@pentimento/state'
import type { Logger } from 'pino'
import { type Repetition, repeat } from '../repeat.ts'
import { DELIVERY_TIMEOUT_MS, type DeliverDeps, deliver, SETTLE_MS } from './deliver.ts'

const CONCURRENCY = 200
/** Half of the places, so that no one tenant's receivers can hold them all. */
const PER_TENANT = 100
const PER_HOST = 4
/** What is still under way then counts as not sent: its lease ends, and it is sent again with the same id. */
const STOP_MS = 2000
const LEASE_MS = DELIVERY_TIMEOUT_MS + SETTLE_MS

/**
 * Sends what is due, many receivers at a time and few deliveries for each, so that slow ones hold up only themselves.
 */
export function startDelivering(
  deps: DeliverDeps & { webhooks: Pick<Webhooks, 'claim'>; log: Logger },
  intervalMs = 250,
): Repetition {
  const underWay = new Set<Promise<void>>()

  function send(due: DueDelivery): void {
    const one = deliver(deps, due)
      .catch((error) => deps.log.warn({ err: error, event: due.event.id }, 'a delivery could not be settled'))
      .finally(() => underWay.delete(one))
    underWay.add(one)
  }

  const claiming = repeat(
    async () => {
      const limit = CONCURRENCY - underWay.size
      if (limit === 0) return 'done'
      const due = await deps.webhooks.claim({ limit, perHost: PER_HOST, perTenant: PER_TENANT, leaseMs: LEASE_MS })
      due.forEach(send)
      return due.length === limit ? 'more' : 'done'
    },
    intervalMs,
    (error) => deps.log.warn({ err: error }, 'due deliveries could not be claimed'),
  )
  return {
    async stop() {
      await claiming.stop()
      await Promise.race([Promise.all(underWay), sleep(STOP_MS, undefined, { ref: false })])
    },
  }
}
