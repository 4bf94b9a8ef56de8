import type { Progress } from '@pentimento/contracts'
import type { Continue } from '@pentimento/state'
import type { EngineProgress } from '../engine/converse.ts'

/**
 * Share of the whole that each phase ends at, by the usual proportions of a job; denoising fills its part step by step.
 */
const startsAt = { loading: 0, encoding: 2, denoising: 5, decoding: 95, uploading: 98 } as const

export function toProgress({ phase, step, steps }: EngineProgress | Omit<Progress, 'percent'>): Progress {
  const start = startsAt[phase]
  const share = phase === 'denoising' && steps > 0 ? step / steps : 0
  return { phase, step, steps, percent: Math.floor(start + share * (startsAt.decoding - start)) }
}

interface ProgressReporter {
  note(progress: Progress): void
  /** Sends nothing more; resolves when nothing is under way. */
  stop(): Promise<void>
}

/**
 * Sends the latest progress at most four times a second, and once a second where there is none: the answer tells
 * whether to go on, so that a cancel is noticed even when its message was lost and while a long step runs.
 *
 * @param send its failures are the sender's affair: they are passed over
 */
export function reportProgress(options: {
  send: (progress: Progress) => Promise<Continue>
  onAnswer: (answer: Continue) => void
  intervalMs?: number
  idleMs?: number
}): ProgressReporter {
  const { send, onAnswer, intervalMs = 250, idleMs = 1000 } = options
  let latest: Progress | undefined
  let sent: Progress | undefined
  let sentAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | undefined
  let stopped = false

  function tick(): void {
    if (stopped || underWay || !latest) return
    const waited = performance.now() - sentAt
    if (waited < (latest === sent ? idleMs : intervalMs)) return
    sent = latest
    sentAt = performance.now()
    underWay = send(latest)
      .then(
        (answer) => stopped || onAnswer(answer),
        () => {},
      )
      .then(() => {
        underWay = undefined
      })
  }

  const timer = setInterval(tick, Math.min(intervalMs, 50))
  return {
    note(progress) {
      latest = progress
      tick()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await underWay
    },
  }
}
