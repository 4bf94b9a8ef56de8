import { availableParallelism } from 'node:os'
import type { Deps } from '../deps.ts'
import { HttpProblem } from '../http/problem.ts'
import { createTurns, TooManyWaiting } from '../http/turns.ts'
import { createUploadBudget, type UploadBudget } from '../http/upload-budget.ts'
import { createKnownModels, type KnownModels } from './find-model.ts'
import type { Holder } from './holder.ts'
import { createImageOfUrl, type ImageOfUrl } from './image-of-url.ts'

/** What all submits of a server share: the memory that pictures come into, and the turns in which they are fetched and decoded. */
export interface Intake {
  uploads: UploadBudget
  models: KnownModels
  imageOfUrl: ImageOfUrl
  /** Decodes when it is the tenant's turn; a client that has left is passed over. @throws HttpProblem `rate_limited` */
  decode<T>(holder: Pick<Holder, 'tenant' | 'gone'>, task: () => Promise<T>): Promise<T>
}

/** Pictures of one tenant that may wait to be decoded. */
const waiting = 200

export function createIntake(deps: Deps): Intake {
  const { uploadMemory } = deps
  const turns = createTurns({ places: availableParallelism(), waiting })
  return {
    // With one tenant there is nobody to leave room for.
    uploads: createUploadBudget(uploadMemory, deps.auth === 'keys' ? uploadMemory / 2 : uploadMemory),
    models: createKnownModels(deps),
    imageOfUrl: createImageOfUrl(deps),
    async decode({ tenant, gone }, task) {
      const giveBack = await turns.take(tenant, gone).catch(refuseMany)
      try {
        return await task()
      } finally {
        giveBack()
      }
    },
  }
}

function refuseMany(error: unknown): never {
  const detail = `${waiting} pictures of yours wait to be decoded`
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 2 }) : error
}
