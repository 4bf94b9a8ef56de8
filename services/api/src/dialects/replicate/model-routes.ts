import { versionOf } from '@pentimento/state'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../../deps.ts'
import { callerOf } from '../../http/auth.ts'
import { HttpProblem } from '../../http/problem.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { findModel, modelsOf } from './model-ref.ts'
import { modelView, versionView } from './models.ts'
import { about, config, type Handler, modelParams, root } from './route-parts.ts'

export function modelRoutes(scope: App, deps: DialectDeps): void {
  const model = (request: FastifyRequest) => {
    const { owner, name } = request.params as { owner: string; name: string }
    return findModel(deps, callerOf(request), `${owner}/${name}`)
  }
  const get = (url: string, summary: string, handler: Handler, params: z.ZodType = modelParams) =>
    scope.get(`${root}${url}`, { config: config('read'), schema: about(summary, { params }) }, handler)
  const models: Handler = async (request) => ({
    previous: null,
    next: null,
    results: (await modelsOf(deps, callerOf(request))).map((one) => modelView(one, deps.publicUrl)),
  })
  get('/models', 'Models', models, z.object({}))
  get('/models/:owner/:name', 'A model', async (request) => modelView(await model(request), deps.publicUrl))
  get('/models/:owner/:name/versions', 'The version of a model', async (request) => ({
    previous: null,
    next: null,
    results: [versionView(await model(request))],
  }))
  const versionParams = modelParams.extend({ version: z.string().max(100) })
  get(
    '/models/:owner/:name/versions/:version',
    'The version of a model',
    async (request) => {
      const found = await model(request)
      if ((request.params as { version: string }).version !== versionOf(found.id))
        throw new HttpProblem('not_found', 'there is no such version')
      return versionView(found)
    },
    versionParams,
  )
}
