import { isFinal } from '@pentimento/contracts'
import { type JobRecord, outputUrls, toPrediction } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, callerOf, signerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { HttpProblem } from '../../http/problem.ts'
import { foundJob } from '../../jobs.ts'
import { pictureTexts } from '../picture-pieces.ts'
import { resultPictures } from '../result-pictures.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { JsonPieces } from '../slow-answer.ts'
import { type Submitting, submitJob } from '../submit-job.ts'
import { inputPictures } from './input-pictures.ts'
import { findModel } from './model-ref.ts'
import { type Input, readInput } from './read-input.ts'

const events = {
  start: ['job.started'],
  output: ['job.progress'],
  logs: ['job.progress'],
  completed: ['job.succeeded', 'job.failed', 'job.canceled', 'job.expired'],
} as const

/** Makes a job of a request's body. @param reference of the model, where the path names it */
export async function createPrediction(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  reference: string | undefined,
): Promise<JobRecord> {
  const body = objectOf(request.body)
  const caller = callerOf(request)
  const named = reference ?? body.version
  if (typeof named !== 'string' || named === '')
    throw new HttpProblem('invalid_fields', 'name a model: send its version')
  const model = await findModel(deps, caller, named)
  const input = objectOf(body.input)
  const holder = { tenant: caller.tenant, upload: request.upload, gone: clientSignal(reply) }
  const asked = readInput(input, model, await inputPictures(deps, input, holder))
  const webhook: Submitting['webhook'] =
    typeof body.webhook === 'string' && body.webhook !== '' ? 'prediction' : undefined
  if (webhook)
    asked.fields = { ...asked.fields, webhook_url: body.webhook, webhook_events: eventsOf(body.webhook_events_filter) }
  return submitJob(deps, request, reply, { via: 'replicate', asked, webhook })
}

function objectOf(value: unknown): Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {}
}

/** Without a filter, all. */
function eventsOf(filter: unknown): string {
  const names = Array.isArray(filter) ? filter : Object.keys(events)
  const known = names.flatMap((name) =>
    typeof name === 'string' && Object.hasOwn(events, name) ? events[name as keyof typeof events] : [],
  )
  return [...new Set(known.length > 0 ? known : Object.values(events).flat())].join(',')
}

/** Ours answers a little before the SDKs stop reading. */
const earlyMs = 1500

/** Milliseconds that `Prefer: wait` or `wait=n` asks for; 0 without. */
export function waitMsOf({ headers }: FastifyRequest): number {
  const [match, seconds] =
    /(?:^|[,;])\s*wait(?:\s*=\s*(\d{1,4}))?\s*(?:$|[,;])/i.exec(String(headers.prefer ?? '')) ?? []
  return match === undefined ? 0 : Math.max(500, Math.min(60, Number(seconds ?? 60)) * 1000 - earlyMs)
}

/** The job as it is, or as it ends while the client waits. */
export async function awaited(
  deps: DialectDeps,
  reply: FastifyReply,
  job: JobRecord,
  timeoutMs: number,
): Promise<JobRecord> {
  if (timeoutMs === 0 || isFinal(job.status)) return job
  const signal = AbortSignal.any([clientSignal(reply), deps.draining])
  return foundJob(await deps.state.jobs.wait(job.tenant, job.id, { timeoutMs, signal }))
}

/**
 * A prediction as JSON. Where clients reach us over plain http, its pictures stand in it as data URLs, since SDKs take
 * no http URL for a file; else as URLs that need no key.
 */
export async function predictionPieces(
  deps: DialectDeps,
  reply: FastifyReply,
  job: JobRecord,
  status = toPrediction(job, { publicUrl: deps.publicUrl, output: [] }).status,
): Promise<JsonPieces> {
  const images = job.status === 'succeeded' ? (job.result?.images ?? []) : []
  const caller = callerOf(reply.request)
  if (images.length === 0 || deps.publicUrl.startsWith('https:')) return whole(deps, job, caller, status)
  const upload = deps.intake.uploads.open(job.tenant, clientSignal(reply))
  reply.raw.once('close', upload.close)
  const pictures = await resultPictures(deps, job, { tenant: job.tenant, upload, gone: clientSignal(reply) })
  const { output, ...prediction } = toPrediction(job, { publicUrl: deps.publicUrl, output: [] })
  return pieces(
    JSON.stringify({ ...prediction, status }),
    pictureTexts(pictures, ({ contentType }) => `data:${contentType};base64,`),
  )
}

async function* pieces(prediction: string, output: AsyncIterable<string>): JsonPieces {
  yield `${prediction.slice(0, -1)},"output":`
  yield* output
  yield '}'
}

async function* whole(deps: DialectDeps, job: JobRecord, caller: Caller, status: string): JsonPieces {
  yield JSON.stringify({ ...(await predictionView(deps, job, caller)), status })
}

/** A prediction whose pictures are URLs that need no key. */
export async function predictionView(deps: Pick<DialectDeps, 'publicUrl' | 'state'>, job: JobRecord, caller: Caller) {
  const { publicUrl } = deps
  return toPrediction(job, { publicUrl, output: outputUrls(job, { publicUrl, signer: await signerOf(deps, caller) }) })
}
