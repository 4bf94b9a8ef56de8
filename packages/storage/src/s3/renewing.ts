import type { S3Keys } from './s3-options.ts'

/** Keys, and when they end, epoch ms. */
export interface Temporary {
  keys: S3Keys
  endsAt: number
}

/**
 * So long before the end new ones are asked for, and in the last quarter of short lives: what is signed now may be on
 * its way for a while.
 */
const earlyMs = 5 * 60_000
/** After a failure, with keys that still hold. */
const pauseMs = 10_000

/**
 * Keys from `ask`, which is called when there are none, and again shortly before they end, once for all that wait.
 * While they hold, nobody waits for new ones, and a failure to get some does no harm.
 *
 * @throws what `ask` throws, where there are no keys that hold
 */
export function renewing(ask: () => Promise<Temporary>, now: () => number = Date.now): () => Promise<S3Keys> {
  let held: Temporary | null = null
  let asking: Promise<Temporary> | null = null
  let renewAt = 0

  async function renew(): Promise<Temporary> {
    try {
      held = await ask()
      renewAt = held.endsAt - Math.min(earlyMs, (held.endsAt - now()) / 4)
      return held
    } catch (error) {
      renewAt = now() + pauseMs
      throw error
    } finally {
      asking = null
    }
  }

  return async () => {
    if (held !== null && now() < held.endsAt) {
      if (now() >= renewAt && asking === null) {
        asking = renew()
        asking.catch(() => {})
      }
      return held.keys
    }
    asking ??= renew()
    return (await asking).keys
  }
}
