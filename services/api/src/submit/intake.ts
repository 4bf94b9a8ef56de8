import type { Deps } from '../deps.ts'
import { createTurns, type Turns } from '../http/turns.ts'
import { createUploadBudget, type UploadBudget } from '../http/upload-budget.ts'
import { createKnownModels, type KnownModels } from './find-model.ts'
import { createImageOfUrl, type ImageOfUrl } from './image-of-url.ts'
import { type RefuseAtLimits, refuseAtLimits } from './refuse-early.ts'

/** What all submits of a server share: the memory that pictures come into, and the turns in which they are fetched. */
export interface Intake {
  uploads: UploadBudget
  /** Of forms that are read and made into jobs. */
  forms: Turns
  /** Of those who wait for the end of a job. */
  waits: Turns
  models: KnownModels
  imageOfUrl: ImageOfUrl
  /** To be asked before a body is read, and again before pictures are decoded. */
  refuse: RefuseAtLimits
}

/** Forms that are read and made into jobs at once. Each takes some 100 kB beside what is counted. */
const forms = { places: 1024, perTenant: 256, waiting: 256 }

export function createIntake(
  deps: Pick<Deps, 'state' | 'outbound' | 'defaultModel' | 'auth' | 'uploadMemory' | 'tenantStorage' | 'maxQueueDepth'>,
  waits: Turns,
): Intake {
  const models = createKnownModels(deps)
  return {
    // With one tenant there is nobody to leave room for.
    uploads: createUploadBudget(deps.uploadMemory, { shared: deps.auth === 'keys' }),
    forms: createTurns(forms),
    waits,
    models,
    imageOfUrl: createImageOfUrl(deps),
    refuse: refuseAtLimits(deps, models),
  }
}
