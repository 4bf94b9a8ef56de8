import type { JobStatus } from '@pentimento/contracts'

/** A job's life as `docs/architecture/02-jobs-and-queue.md` draws it: the model that the scripts are held against. */
export interface LifeModel {
  status: JobStatus | 'deleted'
  attempt: number
  /** An attempt runs. */
  held: boolean
  crashes: number
  cancelRequested: boolean
  /** The attempt whose result counts, 0 for a failure before any; null for an end without one. */
  winner: number | null
}

export type Step =
  | { do: 'start' }
  | { do: 'progress' | 'succeed' | 'fail' | 'release' | 'crash'; attempt: number }
  | { do: 'cancel' }
  /** The sweeper finds that nothing was heard of the worker. */
  | { do: 'lose' }
  /** The sweeper comes after the deadline. */
  | { do: 'late' }
  | { do: 'delete' }

export function newLife(): LifeModel {
  return { status: 'queued', attempt: 0, held: false, crashes: 0, cancelRequested: false, winner: null }
}

const ended = (life: LifeModel) => life.status !== 'queued' && life.status !== 'processing'

/** The attempt of `life` is over without a result. */
function endAttempt(life: LifeModel, counts: boolean): string {
  life.held = false
  if (life.cancelRequested) {
    life.status = 'canceled'
    return 'superseded'
  }
  if (counts) life.crashes++
  life.status = life.crashes === 2 ? 'failed' : 'queued'
  return life.status === 'failed' ? 'failed' : 'retry'
}

/** Takes one step, and says what the caller is to be answered. */
export function live(life: LifeModel, step: Step): unknown {
  switch (step.do) {
    case 'start':
      if (ended(life)) return 'final'
      if (life.held && endAttempt(life, true) !== 'retry') return life.status === 'canceled' ? 'canceled' : 'final'
      Object.assign(life, { status: 'processing', held: true, attempt: life.attempt + 1 })
      return 'started'
    case 'progress':
      if (!life.held || step.attempt !== life.attempt) return 'superseded'
      return life.cancelRequested ? 'cancel' : null
    case 'succeed':
    case 'fail': {
      const same = life.status === (step.do === 'fail' ? 'failed' : 'succeeded') && life.winner === step.attempt
      if (ended(life)) return same && step.attempt > 0
      const current = life.held ? life.attempt : 0
      if (step.attempt > life.attempt || (step.do === 'fail' && step.attempt !== current)) return false
      Object.assign(life, { status: step.do === 'fail' ? 'failed' : 'succeeded', held: false, winner: step.attempt })
      return true
    }
    case 'release':
    case 'crash':
      if (life.status === 'deleted' || step.attempt !== life.attempt) return 'superseded'
      if (ended(life)) return life.status === 'failed' ? 'failed' : 'superseded'
      return life.held ? endAttempt(life, step.do === 'crash') : 'retry'
    case 'cancel':
      if (life.status === 'deleted') return 'gone'
      if (ended(life)) return life.status === 'canceled' ? 'already_canceled' : 'already_final'
      life.cancelRequested = true
      if (life.held) return 'requested'
      life.status = 'canceled'
      return 'canceled'
    case 'lose':
      if (life.held) endAttempt(life, true)
      return undefined
    case 'late':
      if (life.status === 'queued') life.status = 'expired'
      return undefined
    case 'delete':
      if (life.status === 'deleted') return 'gone'
      Object.assign(life, { status: 'deleted', held: false })
      return 'erased'
  }
}
