import type { Progress } from '@pentimento/contracts'
import type { EventStream } from './http/event-stream.ts'

const latestMs = 250

/** What a reader may miss of a job's life, at most four times a second. */
interface LatestEvents {
  progress(progress: Progress): void
  /** @param index of the picture */
  preview(index: number, data: object): void
  end(): void
}

/**
 * Offers a stream the newest progress, and with it one preview: of those pictures that have a new one, the picture that
 * has waited longest, so that every one gets its turn.
 *
 * @param mayBegin false while nothing may come yet; what came by then waits for the next
 */
export function latestEvents(stream: Pick<EventStream, 'offer'>, mayBegin: () => boolean): LatestEvents {
  let latest: Progress | null = null
  // By picture; a newer one takes the place of an older one, and its turn.
  const previews = new Map<number, object>()
  let sentAt = 0
  let timer: NodeJS.Timeout | undefined

  function show(): void {
    timer = undefined
    if (!mayBegin()) return
    if (latest !== null) stream.offer({ event: 'progress', data: latest })
    latest = null
    const [next] = previews
    if (next) {
      previews.delete(next[0])
      stream.offer({ event: 'preview', data: next[1] })
    }
    sentAt = performance.now()
    if (previews.size > 0) showSoon()
  }

  function showSoon(): void {
    timer ??= setTimeout(show, Math.max(0, sentAt + latestMs - performance.now()))
  }

  return {
    progress(progress) {
      latest = progress
      showSoon()
    },
    preview(index, data) {
      previews.set(index, data)
      showSoon()
    },
    end: () => clearTimeout(timer),
  }
}
