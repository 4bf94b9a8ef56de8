import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, limits } from '@pentimento/contracts'
import { InvalidCursor } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../../deps.ts'
import { callerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { HttpProblem } from '../../http/problem.ts'
import { cancelJob, foundJob } from '../../jobs.ts'
import { refuseEarly } from '../../submit/refuse-early.ts'
import { jsonBytes, readJson } from '../json-body.ts'
import { resultPicture } from '../result-pictures.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { sendPieces } from '../slow-answer.ts'
import { awaited, createPrediction, predictionPieces, predictionView, waitMsOf } from './predictions.ts'
import { about, config, idParams, root } from './route-parts.ts'

const outputPath = `${root}/predictions/:id/output/:n`

const pictures = jsonBytes(2 * limits.imageBytes)

export function predictionRoutes(scope: App, deps: DialectDeps): void {
  const create = (url: string, summary: string, reference: (request: FastifyRequest) => string | undefined) =>
    scope.route({
      method: 'POST',
      url,
      config: { ...config('submit'), pace: 'own' },
      schema: about(summary),
      onRequest: heldBack(refuseEarly(deps.intake.refuse)),
      preValidation: readJson(deps.intake, pictures),
      handler: heldBack(async (request, reply) => {
        const job = await createPrediction(deps, request, reply, reference(request))
        request.dropForm()
        const now = await waited(deps, request, reply, job)
        reply.code(isFinal(now.status) ? 201 : 202)
        // Any other word than `starting` ends the SDKs' waiting.
        const pieces = await predictionPieces(deps, reply, now, isFinal(now.status) ? undefined : 'starting')
        return sendPieces(reply, pieces)
      }),
    })
  const named = ({ params }: FastifyRequest) =>
    `${(params as { owner: string }).owner}/${(params as { name: string }).name}`
  create(`${root}/predictions`, 'Make a prediction', () => undefined)
  create(`${root}/models/:owner/:name/predictions`, 'Make a prediction with a model', named)
  create(`${root}/deployments/:owner/:name/predictions`, 'Make a prediction with a model', named)
  readingRoutes(scope, deps)
}

function readingRoutes(scope: App, deps: DialectDeps): void {
  scope.get(
    `${root}/predictions/:id`,
    { config: config('read'), schema: about('A prediction', { params: idParams }) },
    async (request, reply) => {
      const job = foundJob(await deps.state.jobs.get(callerOf(request).tenant, request.params.id))
      return sendPieces(reply, await predictionPieces(deps, reply, job))
    },
  )
  scope.post(
    `${root}/predictions/:id/cancel`,
    { config: config('submit'), schema: about('Cancel a prediction', { params: idParams }) },
    async (request) => {
      const caller = callerOf(request)
      const canceled = await cancelJob(deps, caller.tenant, request.params.id)
      if (canceled.outcome === 'missing' || canceled.outcome === 'gone')
        throw new HttpProblem('not_found', 'there is no such prediction')
      return predictionView(deps, canceled.job, caller)
    },
  )
  scope.get(
    `${root}/predictions`,
    { config: { ...config('read'), pace: 'page' }, schema: about('Your predictions, the newest first') },
    async (request) => {
      const caller = callerOf(request)
      const { cursor } = request.query as { cursor?: unknown }
      const query = { limit: 100, ...(typeof cursor === 'string' && { cursor }) }
      const { jobs, nextCursor } = await deps.state.jobs.list(caller.tenant, query).catch((error) => {
        throw error instanceof InvalidCursor ? new HttpProblem('invalid_request', 'not a cursor of ours') : error
      })
      const own = jobs.filter(({ request: { metadata } }) => metadata.via === 'replicate')
      const next = nextCursor && `${deps.publicUrl}${root}/predictions?cursor=${nextCursor}`
      return { previous: null, next, results: await Promise.all(own.map((job) => predictionView(deps, job, caller))) }
    },
  )
  scope.get(
    outputPath,
    {
      config: { ...config('read'), signed: [outputPath] },
      schema: about('A picture; its signed URL opens without a key', {
        params: idParams.extend({ n: z.string().regex(/^\d$/) }),
      }),
    },
    async (request, reply) => {
      const { id, n } = request.params
      const { tenant } = callerOf(request)
      const job = foundJob(await deps.state.jobs.get(tenant, id))
      const gone = clientSignal(reply)
      const upload = deps.intake.uploads.open(tenant, gone)
      reply.raw.once('close', upload.close)
      const picture = await resultPicture(deps, job, Number(n), { tenant, upload, gone })
      const headers = { 'cache-control': 'private, max-age=3600', 'content-length': picture.bytes.length }
      return reply.headers(headers).type(picture.contentType).send(Buffer.from(picture.bytes))
    },
  )
}

/** At most so many wait at once: the others are answered as it stands. */
async function waited(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Awaited<ReturnType<typeof createPrediction>>,
) {
  const ms = waitMsOf(request)
  const giveBack = ms > 0 ? await deps.intake.waits.take(job.tenant, clientSignal(reply)).catch(() => null) : null
  if (giveBack === null) return job
  return awaited(deps, reply, job, ms).finally(giveBack)
}

const heldMs = 1000

/**
 * SDKs ask again six times within a quarter of a second, whatever Retry-After says: who is refused for his haste waits.
 */
function heldBack<A extends [FastifyRequest, ...unknown[]], T>(
  handler: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  return (...args) =>
    handler(...args).catch(async (error: unknown) => {
      if (error instanceof HttpProblem && error.status === 429) await sleep(heldMs)
      throw error
    })
}
