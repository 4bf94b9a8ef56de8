import { keys } from '@pentimento/storage'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { byteRange, isUnchanged } from '../http/range.ts'
import { absentJob, jobParams, jobPath, refusals, signature } from '../http/schemas.ts'
import { formatOf } from '../image-type.ts'
import { foundJob } from '../jobs.ts'

/** Long enough to follow a redirect, too short to be passed around. */
const signedSeconds = 300

const picturePath = `${jobPath}/images/:n`

const bytes = { schema: z.any().meta({ type: 'string', format: 'binary' }) }
const picture = { 'image/png': bytes, 'image/jpeg': bytes, 'image/webp': bytes }

export function registerGetImage(app: App, deps: Pick<Deps, 'state' | 'store'>): void {
  app.route({
    // HEAD is answered from the record, without opening the object.
    method: ['GET', 'HEAD'],
    url: picturePath,
    config: { scope: 'read', pace: 'picture', signed: [picturePath, jobPath] },
    schema: {
      tags: ['Jobs'],
      operationId: 'getImage',
      summary: 'A result picture',
      params: jobParams.extend({ n: z.string().regex(/^\d{1,2}$/) }),
      querystring: z.strictObject({
        token: signature,
        redirect: z
          .enum(['0', '1'])
          .default('0')
          .describe('1: answer with a signed URL of the object storage, if it has a public one'),
      }),
      response: {
        200: { description: 'The picture', content: picture },
        206: { description: 'The part of it that Range asked for', content: picture },
        302: z.undefined().describe('With `redirect=1`: where the picture is'),
        304: z.undefined().describe('The picture is still the one of If-None-Match'),
        ...refusals(...absentJob, 'not_ready', 'range_not_satisfiable', 'storage_unavailable'),
      },
    },
    handler: async (request, reply) => {
      const { tenant } = callerOf(request)
      const job = foundJob(await deps.state.jobs.get(tenant, request.params.id))
      if (job.status === 'queued' || job.status === 'processing') {
        throw new HttpProblem('not_ready', `the job is ${job.status}`, { retryAfterSeconds: 1 })
      }
      const image = job.result?.images[Number(request.params.n)]
      if (!job.result || !image) {
        throw new HttpProblem('not_found', `the job ${job.status} with ${job.result?.images.length ?? 0} images`)
      }
      const format = formatOf(image.content_type)
      const key = keys.resultKey(tenant, job.id, job.result.attempt, image.index, format)
      const filename = `${job.id}-${image.index}.${format}`
      if (request.query.redirect === '1') {
        const options = { expiresSeconds: signedSeconds, filename, contentType: image.content_type }
        const url = await deps.store.signedUrl(key, options)
        if (url) return reply.header('cache-control', 'no-store').redirect(url, 302)
      }
      const etag = `"${image.sha256}"`
      // Set only once there is a picture to describe: an error has no tag and no file name.
      const headers = {
        etag,
        'cache-control': 'private, no-cache',
        'accept-ranges': 'bytes',
        'content-disposition': `inline; filename="${filename}"`,
      }
      if (isUnchanged(request.headers, etag)) return reply.code(304).headers(headers).send()
      if (request.method === 'HEAD') {
        return reply.headers(headers).type(image.content_type).header('content-length', image.bytes).send()
      }
      const object = await deps.store.get(key, byteRange(request.headers, etag, image.bytes))
      if (!object) throw new HttpProblem('not_found', 'the image is no longer there')
      reply.headers(headers).type(image.content_type)
      if (object.range) {
        const { start, end } = object.range
        reply.code(206).header('content-range', `bytes ${start}-${end}/${object.size}`)
        return reply.header('content-length', end - start + 1).send(object.body)
      }
      return reply.header('content-length', object.size).send(object.body)
    },
  })
}
