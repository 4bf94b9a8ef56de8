import { numberField } from '@pentimento/contracts'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import { callerOf, signerOf } from '../http/auth.ts'
import { absentJob, bodyRefusals, jobParams, jobPath } from '../http/schemas.ts'
import { foundJob } from '../jobs.ts'

const most = 86_400

/** What a page may be given in place of a key: it opens one job. */
export function registerBrowserToken(app: App, deps: Pick<Deps, 'state' | 'publicUrl'>): void {
  app.route({
    method: 'POST',
    url: `${jobPath}/browser-token`,
    config: { scope: 'read' },
    schema: {
      tags: ['Jobs'],
      operationId: 'createBrowserToken',
      summary:
        'A token with which a page reads this job, its events and its pictures, as `?token=` or in the place of a key',
      params: jobParams,
      querystring: z.strictObject({
        seconds: numberField(z.int().min(10).max(most)).default(300).describe('how long it holds'),
      }),
      response: {
        200: z.object({
          token: z.string().nullable().describe('null on a server without keys'),
          expires_at: z.iso.datetime({ precision: 3 }).nullable(),
          urls: z.object({ self: z.url(), events: z.url() }).describe('the job, opened by the token'),
        }),
        ...bodyRefusals(...absentJob),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const { id } = foundJob(await deps.state.jobs.get(caller.tenant, request.params.id))
      const path = jobPath.replace(':id', id)
      const until = Date.now() + request.query.seconds * 1000
      const signer = await signerOf(deps, { ...caller, signedUntil: until })
      const token = signer?.sign(path) ?? null
      const self = `${deps.publicUrl}${path}`
      const query = token === null ? '' : `?token=${token}`
      reply.header('cache-control', 'no-store')
      return {
        token,
        expires_at: signer && new Date(signer.until).toISOString(),
        urls: { self: `${self}${query}`, events: `${self}/events${query}` },
      }
    },
  })
}
