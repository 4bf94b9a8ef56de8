import type { Announcement, Workers } from '@pentimento/state'

interface Announcer {
  /** Whether the last announcement arrived: Redis can be reached. */
  readonly heard: boolean
  /** Announces at once, as after a change of state. */
  now(): void
  stop(): Promise<void>
}

const INTERVAL_MS = 5000

/** Tells the deployment every five seconds that this worker is there, what it serves and how it is. */
export function startAnnouncing(
  workers: Workers,
  describe: () => Announcement,
  onError: (error: unknown) => void,
): Announcer {
  let heard = false
  let stopped = false
  let underWay = Promise.resolve()

  function now(): void {
    underWay = underWay.then(async () => {
      if (stopped) return
      try {
        await workers.announce(describe())
        heard = true
      } catch (error) {
        heard = false
        onError(error)
      }
    })
  }

  now()
  const timer = setInterval(now, INTERVAL_MS)
  return {
    get heard() {
      return heard
    },
    now,
    async stop() {
      stopped = true
      clearInterval(timer)
      await underWay
      await workers.withdraw(describe().workerId).catch(onError)
    },
  }
}
