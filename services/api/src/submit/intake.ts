import type { Deps } from '../deps.ts'
import { createUploadBudget, type UploadBudget } from '../http/upload-budget.ts'
import { createKnownModels, type KnownModels } from './find-model.ts'
import { createImageOfUrl, type ImageOfUrl } from './image-of-url.ts'

/** What all submits of a server share: the memory that pictures come into, and the turns in which they are fetched. */
export interface Intake {
  uploads: UploadBudget
  models: KnownModels
  imageOfUrl: ImageOfUrl
}

export function createIntake(deps: Deps): Intake {
  const { uploadMemory } = deps
  return {
    // With one tenant there is nobody to leave room for.
    uploads: createUploadBudget(uploadMemory, deps.auth === 'keys' ? uploadMemory / 2 : uploadMemory),
    models: createKnownModels(deps),
    imageOfUrl: createImageOfUrl(deps),
  }
}
