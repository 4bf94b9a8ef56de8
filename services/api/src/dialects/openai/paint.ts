import type { JobRecord } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { HttpProblem } from '../../http/problem.ts'
import type { Holder } from '../../submit/holder.ts'
import { type DialectDeps, runJobs } from '../run-jobs.ts'
import type { JsonPieces } from '../slow-answer.ts'
import { described, imagesAnswer, picturesOf, usage } from './answer.ts'
import { partialPictures } from './partial-pictures.ts'
import { openPictureStream, type PictureStream } from './stream.ts'
import { jobsOf, type Wanted } from './to-jobs.ts'

/** Has the pictures painted, from what is wanted to the answer in JSON. @throws HttpProblem */
export async function paint(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: Wanted,
): Promise<JsonPieces> {
  const caller = callerOf(request)
  if (wanted.fields.response_format === 'url' && !caller.scopes.includes('read'))
    throw new HttpProblem('forbidden', 'an address (response_format: url) takes a key with the scope "read"')
  const accepted = async (jobs: readonly JobRecord[]) => nameJobs(reply, jobs)
  const jobs = await runJobs(deps, request, reply, { via: 'openai', jobs: jobsOf(wanted), accepted })
  return imagesAnswer(wanted.fields, jobs, await picturesOf(deps, jobs, holderOf(request, reply), caller))
}

/**
 * The same as a stream of events: `partial_images` views of the first picture on its way, then each picture. What is
 * refused is answered as without a stream; what goes wrong later is its last event.
 *
 * @param what the beginning of the events' names
 */
export async function paintInEvents(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: Wanted,
  what: 'image_edit' | 'image_generation',
): Promise<FastifyReply> {
  const { fields } = wanted
  const open: { stream?: PictureStream; partials?: ReturnType<typeof partialPictures> } = {}
  const event = (of: string, size: { width: number; height: number }) => ({
    type: `${what}.${of}`,
    created_at: Math.floor(Date.now() / 1000),
    ...described(fields, size),
  })
  const accepted = async (jobs: readonly JobRecord[]) => {
    const [first] = jobs
    nameJobs(reply, jobs)
    const stream = openPictureStream(reply)
    open.stream = stream
    if (first === undefined || fields.partial_images === 0) return
    open.partials = partialPictures(deps, first, fields, (picture, index) =>
      stream.send({ ...event('partial_image', picture), partial_image_index: index }, picture.bytes),
    )
  }
  try {
    const jobs = await runJobs(deps, request, reply, { via: 'openai', jobs: jobsOf(wanted), accepted })
    const pictures = await picturesOf(deps, jobs, holderOf(request, reply), callerOf(request))
    await open.partials?.end()
    for (const picture of pictures)
      await open.stream?.send({ ...event('completed', picture), usage, seed: picture.seed }, picture.bytes)
  } catch (error) {
    if (open.stream === undefined) throw error
    await open.partials?.end()
    await open.stream.fail(reply.errorAnswer(error).body)
  }
  await open.stream?.end()
  return reply
}

function nameJobs(reply: FastifyReply, jobs: readonly JobRecord[]): void {
  reply.header('x-pentimento-job', jobs.map(({ id }) => id).join(', '))
}

export function holderOf(request: FastifyRequest, reply: FastifyReply): Holder {
  return { tenant: callerOf(request).tenant, upload: request.upload, gone: clientSignal(reply) }
}
