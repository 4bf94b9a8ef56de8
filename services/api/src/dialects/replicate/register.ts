import type { App } from '../../deps.ts'
import { withOwnBodies } from '../../http/own-bodies.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { fileRoutes } from './file-routes.ts'
import { modelRoutes } from './model-routes.ts'
import { predictionRoutes } from './prediction-routes.ts'

/** Replicate's API below `/replicate/v1`. Unknown fields and queries mean nothing here. */
export async function registerReplicate(app: App, deps: DialectDeps): Promise<void> {
  await withOwnBodies(app, (scope) => {
    predictionRoutes(scope, deps)
    modelRoutes(scope, deps)
    fileRoutes(scope, deps)
  })
}
