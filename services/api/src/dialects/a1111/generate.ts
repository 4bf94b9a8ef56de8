import { isFinal } from '@pentimento/contracts'
import { scalePicture } from '@pentimento/images'
import type { JobRecord } from '@pentimento/state'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/auth.ts'
import { clientSignal } from '../../http/gone-client.ts'
import { HttpProblem } from '../../http/problem.ts'
import { decodeLimits } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import { pictureTexts } from '../picture-pieces.ts'
import { type ResultPicture, resultPictures } from '../result-pictures.ts'
import { type DialectDeps, runJobs } from '../run-jobs.ts'
import type { JsonPieces } from '../slow-answer.ts'
import type { Asked } from '../submit-job.ts'
import { hiresOf } from './hires.ts'
import { infoText, parametersOf } from './info.ts'
import { initImagesOf, maskOf } from './init-images.ts'
import { writeOptions } from './options.ts'
import { type A1111Request, readRequest } from './read-request.ts'
import { announce } from './running.ts'
import { imageJobs, textJobs } from './to-jobs.ts'
import { asObject, flagOf, type Sent } from './values.ts'
import { withUnits } from './with-units.ts'

/** Has the pictures of a request made, from its body to the answer. @throws HttpProblem */
export async function generate(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  what: 'txt2img' | 'img2img',
): Promise<JsonPieces> {
  const caller = callerOf(request)
  const sent = asObject(request.body)
  const holder = { tenant: caller.tenant, upload: request.upload, gone: clientSignal(reply) }
  const read = await readRequest(deps, caller, sent)
  const hires = what === 'txt2img' ? hiresOf(sent, read) : null
  if (!flagOf(sent, 'override_settings_restore_afterwards', true))
    await writeOptions(deps, caller, asObject(sent.override_settings))
  const [images, mask] =
    what === 'txt2img' ? [[], null] : [await initImagesOf(sent, holder), await maskOf(sent, holder)]
  const plain = what === 'txt2img' ? textJobs(read, hires) : imageJobs(read, sent, images, mask)
  const { jobs, ignored } = await withUnits(plain, read.units, { model: read.model, holder })
  const asked = { ...read, ignored: [...read.ignored, ...(hires?.replaced ?? []), ...ignored] }
  try {
    const done = await runAnnounced(deps, request, reply, { jobs, what, task: taskOf(sent) })
    return answer(deps, request, reply, { asked, sent, done })
  } catch (error) {
    if (!(error instanceof HttpProblem) || error.code !== 'empty_mask') throw error
    const [image] = images
    // As there: with nothing to repaint the picture comes back.
    if (!image || 'url' in image) throw error
    const bytes = await scalePicture(image.bytes, { size: () => asked, quality: null, format: 'png' }, decodeLimits)
    const picture = {
      bytes,
      contentType: 'image/png',
      width: asked.width,
      height: asked.height,
      seed: asked.seed,
      variationSeed: null,
    }
    return pieces([picture], parametersOf(asked, sent, []), await infoText(asked, [], [picture]))
  }
}

function taskOf(sent: Sent): string {
  return typeof sent.force_task_id === 'string' ? sent.force_task_id.slice(0, 100) : ''
}

interface Done {
  jobs: JobRecord[]
  /** The newest preview of what was interrupted. */
  preview: Uint8Array | null
}

/** While the jobs run, `progress` and `interrupt` know of them. */
async function runAnnounced(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { jobs, what, task }: { jobs: Asked[]; what: 'txt2img' | 'img2img'; task: string },
): Promise<Done> {
  const { tenant } = callerOf(request)
  let preview: Uint8Array | null = null
  let ends: (() => unknown)[] = []
  const accepted = async (records: readonly JobRecord[]) => {
    const ids = records.filter(({ status }) => !isFinal(status)).map(({ id }) => id)
    const stops = ids.map((id) =>
      deps.state.events.subscribe(id, (event) => {
        if (event.type === 'preview') preview = event.image
      }),
    )
    ends = [...stops, await announce(deps, tenant, { jobs: ids, what, task })]
  }
  try {
    return { jobs: await runJobs(deps, request, reply, { via: 'a1111', jobs, accepted }), preview }
  } finally {
    await Promise.allSettled(ends.map(async (end) => end()))
  }
}

async function answer(
  deps: DialectDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { asked, sent, done }: { asked: A1111Request; sent: Sent; done: Done },
): Promise<JsonPieces> {
  const { tenant } = callerOf(request)
  const holder: Holder = { tenant, upload: request.upload, gone: clientSignal(reply) }
  const pictures: ResultPicture[] = []
  for (const job of done.jobs) {
    refuseFailed(job)
    pictures.push(...(await resultPictures(deps, job, holder)))
  }
  if (pictures.length === 0 && done.preview) pictures.push(await halfDone(asked, done.preview))
  const info = await infoText(asked, done.jobs, pictures)
  return pieces(asked.sendImages ? pictures : [], parametersOf(asked, sent, done.jobs), info)
}

/** An interrupted job is no error there: its picture comes as far as it was. */
async function halfDone({ width, height, seed }: A1111Request, preview: Uint8Array): Promise<ResultPicture> {
  const bytes = await scalePicture(
    preview,
    { size: () => ({ width, height }), quality: null, format: 'png' },
    decodeLimits,
  )
  return { bytes, contentType: 'image/png', width, height, seed, variationSeed: null }
}

/** @throws HttpProblem for a job that ended without pictures, and not because its user wished so */
function refuseFailed({ status, result }: JobRecord): void {
  if (status === 'expired') throw new HttpProblem('overloaded', 'the job did not start in time')
  const error = result?.error
  if (status === 'failed') throw new HttpProblem(error?.code ?? 'internal_error', error?.message ?? 'the job failed')
}

async function* pieces(pictures: readonly ResultPicture[], parameters: object, info: string): JsonPieces {
  yield '{"images":'
  yield* pictureTexts(pictures)
  yield `,"parameters":${JSON.stringify(parameters)},"info":${JSON.stringify(info)}}`
}
