import { fieldWords } from '@pentimento/contracts'
import Fastify, { type FastifyRequest, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App, Deps } from './deps.ts'
import { a1111Errors } from './dialects/a1111/errors.ts'
import { registerA1111 } from './dialects/a1111/register.ts'
import { openaiErrors, sharedErrors } from './dialects/openai/errors.ts'
import { registerOpenai } from './dialects/openai/register.ts'
import { replicateErrors } from './dialects/replicate/errors.ts'
import { registerReplicate } from './dialects/replicate/register.ts'
import { registerAuth } from './http/auth.ts'
import { answerBrokenRequest, answerOddRequests, answerUnreadableUrl } from './http/broken-request.ts'
import { registerCors } from './http/cors.ts'
import { registerErrors } from './http/errors.ts'
import { refuseForeignPages } from './http/foreign-pages.ts'
import { createHttpServer } from './http/http-server.ts'
import { registerJsonBody } from './http/json-body.ts'
import { registerMeasuring } from './http/measure.ts'
import { withOwnBodies } from './http/own-bodies.ts'
import { stripPublicPath, watchPaths } from './http/public-path.ts'
import { registerRateLimit } from './http/rate-limit.ts'
import { registerReadTurns } from './http/read-turns.ts'
import { requestId } from './http/request-id.ts'
import { refuseUnknownQueries } from './http/strict-query.ts'
import { registerTracing } from './http/trace.ts'
import { type Dialect, registerOpenapi } from './openapi.ts'
import { registerPlayground } from './playground.ts'
import { registerAdminKeys } from './routes/admin-keys.ts'
import { registerBrowserToken } from './routes/browser-token.ts'
import { registerCancelJob } from './routes/cancel-job.ts'
import { registerCapabilities } from './routes/capabilities.ts'
import { registerDeleteJob } from './routes/delete-job.ts'
import { registerDeliveries } from './routes/deliveries.ts'
import { registerGetImage } from './routes/get-image.ts'
import { registerGetJob } from './routes/get-job.ts'
import { registerGetModel } from './routes/get-model.ts'
import { registerImg2img } from './routes/img2img.ts'
import { registerInpaint } from './routes/inpaint.ts'
import { registerJobEvents } from './routes/job-events.ts'
import { registerListJobs } from './routes/list-jobs.ts'
import { registerListModels } from './routes/list-models.ts'
import { registerProbes } from './routes/probes.ts'
import { registerTxt2img } from './routes/txt2img.ts'
import { registerUsage } from './routes/usage.ts'
import { registerVersion } from './routes/version.ts'
import { registerWebhookSecret } from './routes/webhook-secret.ts'
import { registerWebhookTest } from './routes/webhook-test.ts'
import { createIntake } from './submit/intake.ts'

/** Zod's words for what is wrong with a request are the house's. */
z.config({ customError: fieldWords })

const jsonBytes = 64 * 1024

const dialects: readonly Dialect[] = [
  { name: 'openai', title: 'OpenAI', errors: openaiErrors },
  { name: 'a1111', title: 'AUTOMATIC1111', errors: a1111Errors },
  { name: 'replicate', title: 'Replicate', errors: replicateErrors },
]
const errorStyles = [...dialects.map(({ errors }) => errors), sharedErrors]

/** The whole HTTP service, ready to listen. It owns nothing of `deps`: whoever made them closes them after it. */
export async function createApp(deps: Deps): Promise<App> {
  const app: App = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: isProbe }),
    genReqId: requestId,
    requestIdHeader: false,
    bodyLimit: jsonBytes,
    serverFactory: createHttpServer,
    // Refused keep-alive requests would not be problem documents; a draining server still answers what reaches it.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest(deps),
    rewriteUrl: stripPublicPath(deps.publicUrl),
    frameworkErrors: answerUnreadableUrl(deps, errorStyles),
  }).withTypeProvider()
  answerOddRequests(app.server, deps)
  const refuseTakenPath = watchPaths(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  registerJsonBody(app)
  app.decorateRequest('form')
  app.decorateRequest('dropForm')
  app.decorateRequest('upload')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    // Many clients name a type for the empty body of a POST; on a route that takes no body it means nothing.
    const { raw, routeOptions } = request
    const empty = (raw.headers['content-length'] ?? '0') === '0' && raw.headers['transfer-encoding'] === undefined
    if (empty && routeOptions.schema?.body === undefined) delete raw.headers['content-type']
    if (deps.draining.aborted) reply.header('connection', 'close')
  })
  registerMeasuring(app, deps)
  registerTracing(app, deps)
  await registerCors(app, deps)
  refuseForeignPages(app, deps)
  registerErrors(app, deps, errorStyles)
  refuseUnknownQueries(app)
  registerAuth(app, deps, errorStyles)
  registerRateLimit(app, deps)
  const waits = registerReadTurns(app)
  await registerOpenapi(app, deps, dialects)
  registerProbes(app, deps)
  const submitDeps = { ...deps, intake: createIntake(deps, waits) }
  await withOwnBodies(app, (scope) => {
    registerTxt2img(scope, submitDeps)
    registerImg2img(scope, submitDeps)
    registerInpaint(scope, submitDeps)
  })
  await registerOpenai(app, submitDeps)
  await registerA1111(app, submitDeps)
  await registerReplicate(app, submitDeps)
  registerGetJob(app, deps)
  registerGetImage(app, deps)
  registerListJobs(app, deps)
  registerJobEvents(app, deps)
  registerBrowserToken(app, deps)
  registerCancelJob(app, deps)
  registerDeleteJob(app, deps)
  registerDeliveries(app, deps)
  registerWebhookSecret(app, deps)
  registerWebhookTest(app, deps)
  registerListModels(app, deps)
  registerGetModel(app, deps)
  registerCapabilities(app)
  registerUsage(app, deps)
  registerVersion(app)
  registerAdminKeys(app, deps)
  registerPlayground(app, deps)
  refuseTakenPath(deps.publicUrl)
  return app
}

/** Probes come every few seconds and would fill the log. */
function isProbe(request: FastifyRequest): boolean {
  return request.url === '/livez' || request.url === '/readyz'
}
