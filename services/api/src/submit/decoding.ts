import { imageLimits } from '@pentimento/contracts'
import { ImageError, type ImageLimits, type Turn, TurnTimeout } from '@pentimento/images'
import { fieldProblem, HttpProblem } from '../http/problem.ts'
import type { Holder } from './holder.ts'

/** The largest pictures take two seconds of a quiet core. */
export const decodeLimits: ImageLimits = { ...imageLimits, maxSeconds: 10 }

/** How long a picture may wait for its turn. */
const patienceMs = 10_000

/**
 * A place in the queue of pictures to be decoded: by turns of the tenants, given up when the client is gone or the turn
 * does not come.
 */
export function decodeTurn({ tenant, gone }: Holder): Turn {
  return { owner: tenant, signal: gone, patienceMs }
}

/** Turns what is wrong with a picture into an answer that points at the field it came in. */
export function imageProblem(field: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ImageError) throw fieldProblem('invalid_image', field, error.message)
    if (error instanceof TurnTimeout) {
      const detail = 'too many pictures wait to be decoded'
      throw new HttpProblem('overloaded', detail, { retryAfterSeconds: patienceMs / 1000, cause: error })
    }
    throw error
  }
}
