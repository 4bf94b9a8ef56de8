import { limits } from '@pentimento/contracts'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { App } from '../../deps.ts'
import { callerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { largestFiles } from '../../http/multipart.ts'
import { withOwnBodies } from '../../http/own-bodies.ts'
import { refuseEarly } from '../../submit/refuse-early.ts'
import { jsonBytes, readJson } from '../json-body.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { answerSlowly } from '../slow-answer.ts'
import { controlNetRoutes } from './control-routes.ts'
import { basicToken } from './credentials.ts'
import { extraImage } from './extra-image.ts'
import { generate } from './generate.ts'
import { lists, nothingToDo } from './lists.ts'
import { checkpointsOf, checkpointView, embeddingsView, loraViews, upscalerViews } from './models.ts'
import { readOptions, writeOptions } from './options.ts'
import { pngInfo } from './png-info.ts'
import { createPreviews } from './previews.ts'
import { interrupt, progressView, taskView } from './progress.ts'
import type { Route, Routes } from './route.ts'
import { asObject } from './values.ts'

const picture = jsonBytes(limits.imageBytes)
/** Of the largest pictures, those that forms of native routes have room for. */
const pictures = jsonBytes(largestFiles * limits.imageBytes)

/** AUTOMATIC1111's API, `/sdapi/v1`, and what its clients ask for beside it. Unknown fields mean nothing here. */
export async function registerA1111(app: App, deps: DialectDeps): Promise<void> {
  const previews = createPreviews(deps.state)
  await withOwnBodies(app, (scope) => {
    const add = (route: Route) => addRoute(scope, deps, route)
    const get: Routes['get'] = (url, summary, handler) => add({ method: 'GET', url, summary, scope: 'read', handler })
    const routes: Routes = {
      deps,
      previews,
      add,
      get,
      ofModels: (url, summary, view) =>
        get(url, summary, async (request) => view(await checkpointsOf(deps, callerOf(request)))),
    }
    const parts = [painting, settings, listing, following, tools, internals, controlNetRoutes]
    for (const register of parts) register(routes)
  })
}

/** What makes pictures. */
function painting({ deps, add }: Routes): void {
  for (const what of ['txt2img', 'img2img'] as const) {
    const handler: Route['handler'] = (request, reply) =>
      answerSlowly(reply, deps.heartbeatMs, generate(deps, request, reply, what))
    const summary = what === 'txt2img' ? 'Paint from words' : 'Paint anew from a picture, or the masked part of one'
    add({
      method: 'POST',
      url: `/sdapi/v1/${what}`,
      summary,
      scope: 'submit',
      handler,
      body: pictures,
      submits: true,
    })
  }
}

/** Settings, and the models that they name. */
function settings({ deps, add, get, ofModels }: Routes): void {
  get('/sdapi/v1/options', 'Settings that stay', (request) => readOptions(deps, callerOf(request)))
  add({
    method: 'POST',
    url: '/sdapi/v1/options',
    summary: 'Change settings that stay',
    scope: 'submit',
    body: jsonBytes(0),
    handler: async (request, reply) => {
      await writeOptions(deps, callerOf(request), asObject(request.body))
      return json(reply, null)
    },
  })
  ofModels('/sdapi/v1/sd-models', 'Models', (models) => models.map(checkpointView))
  ofModels('/sdapi/v1/loras', 'LoRAs', loraViews)
  ofModels('/sdapi/v1/upscalers', 'What enlarges pictures', upscalerViews)
  ofModels('/sdapi/v1/embeddings', 'Embeddings', embeddingsView)
}

/** Lists, and what has nothing to do here. */
function listing({ add, get }: Routes): void {
  for (const [name, list] of Object.entries(lists)) get(`/sdapi/v1/${name}`, `List: ${name}`, async () => list)
  for (const [name, answer] of Object.entries(nothingToDo)) {
    const handler: Route['handler'] = async (_request, reply) => json(reply, answer)
    add({ method: 'POST', url: `/sdapi/v1/${name}`, summary: 'Nothing to do here', scope: 'submit', handler })
  }
}

/** How far it is, and ending it. */
function following({ deps, previews, add, get }: Routes): void {
  get('/sdapi/v1/progress', 'How far the newest request is', (request) => {
    const { skip_current_image: skip } = asObject(request.query)
    return progressView(deps, callerOf(request), previews, !/^(true|1)$/i.test(String(skip)))
  })
  for (const name of ['interrupt', 'skip']) {
    const handler: Route['handler'] = async (request) => {
      await interrupt(deps, callerOf(request).tenant)
      return {}
    }
    add({ method: 'POST', url: `/sdapi/v1/${name}`, summary: 'End what is under way', scope: 'submit', handler })
  }
}

/** What is done to one picture at once. */
function tools({ add }: Routes): void {
  add({
    method: 'POST',
    url: '/sdapi/v1/png-info',
    summary: 'What a picture says of how it was made',
    scope: 'read',
    body: picture,
    handler: (request) => pngInfo(asObject(request.body), request.upload),
  })
  add({
    method: 'POST',
    url: '/sdapi/v1/extra-single-image',
    summary: 'Scale a picture',
    scope: 'submit',
    body: picture,
    handler: (request, reply) => {
      const { tenant } = callerOf(request)
      return extraImage(asObject(request.body), { tenant, upload: request.upload, gone: clientSignal(reply) })
    },
  })
}

/** What its own page asks for. */
function internals({ deps, previews, add, get }: Routes): void {
  get('/internal/ping', 'Whether the server is there', async () => ({}))
  add({
    method: 'POST',
    url: '/internal/progress',
    summary: 'How far a request is, by its `force_task_id`',
    scope: 'read',
    body: jsonBytes(0),
    handler: (request) => taskView(deps, callerOf(request), previews, String(asObject(request.body).id_task ?? '')),
  })
  get('/queue/status', 'Whether the server is there, as Gradio says it', async () => ({
    msg: 'estimation',
    queue_size: 0,
  }))
}

/** Some clients put a slash behind the path, and a redirect would cost them the body or a preflight. */
function addRoute(
  scope: App,
  deps: DialectDeps,
  { method, url, summary, scope: needed, handler, body, submits }: Route,
): void {
  for (const path of [url, `${url}/`]) {
    scope.route({
      method,
      url: path,
      config: { scope: needed, token: basicToken, ...(submits && { pace: 'own' }) },
      schema: { tags: ['AUTOMATIC1111'], summary, hide: path !== url, querystring: z.looseObject({}) },
      ...(submits && { onRequest: refuseEarly(deps.intake.refuse) }),
      ...(body !== undefined && { preValidation: readJson(deps.intake, body) }),
      handler,
    })
  }
}

/** JSON that is no object. */
function json(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value))
}
