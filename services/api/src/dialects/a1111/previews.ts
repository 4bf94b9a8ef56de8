import type { State } from '@pentimento/state'

/** Who has not asked for so long does not watch any more. */
const watchedMs = 30_000
/** Workers forget a wish after 15 s. */
const askedMs = 8000

export interface Previews {
  /** The newest small WebP of a running job, or null while there is none; from now on they are made for a while. */
  look(job: string, everySteps: number): Uint8Array | null
}

interface Watched {
  image: Uint8Array | null
  seenAt: number
  askedAt: number
  stop(): void
}

/** Previews of jobs that somebody asks for again and again. */
export function createPreviews(state: Pick<State, 'events'>): Previews {
  const watched = new Map<string, Watched>()

  function forgetUnseen(now: number): void {
    for (const [job, { seenAt, stop }] of watched) {
      if (now - seenAt < watchedMs) continue
      stop()
      watched.delete(job)
    }
  }

  function watch(job: string): Watched {
    const one: Watched = { image: null, seenAt: 0, askedAt: -Infinity, stop: () => {} }
    one.stop = state.events.subscribe(job, (event) => {
      if (event.type === 'preview') one.image = event.image
    })
    watched.set(job, one)
    return one
  }

  return {
    look(job, everySteps) {
      const now = performance.now()
      forgetUnseen(now)
      const one = watched.get(job) ?? watch(job)
      one.seenAt = now
      if (now - one.askedAt > askedMs) {
        one.askedAt = now
        state.events.requestPreviews(job, everySteps).catch(() => {})
      }
      return one.image
    },
  }
}
