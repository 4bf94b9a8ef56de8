import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../../deps.ts'
import { callerOf } from '../../http/auth.ts'
import { withOwnBodies } from '../../http/own-bodies.ts'
import { refuseEarly } from '../../submit/refuse-early.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { answerSlowly } from '../slow-answer.ts'
import { keyOf } from './credentials.ts'
import { holderOf, paint, paintInEvents } from './paint.ts'
import { readBody } from './read-body.ts'
import { openaiFields } from './request.ts'
import { wantedEdit, wantedGeneration, wantedVariation } from './wanted.ts'

const picture = z.string().meta({ format: 'binary' })
const editFields = openaiFields.extend({
  image: picture.describe('PNG, JPEG or WebP; in JSON an address, a data URL or base64'),
  mask: picture.optional().describe('What is transparent in it is repainted'),
})

interface Route {
  name: 'edits' | 'generations' | 'variations'
  summary: string
  body: z.ZodType
  event: 'image_edit' | 'image_generation'
  wanted: typeof wantedEdit
}

const routes: readonly Route[] = [
  {
    name: 'edits',
    summary: 'Paint anew from a picture, or the transparent part of a mask',
    body: editFields,
    event: 'image_edit',
    wanted: wantedEdit,
  },
  {
    name: 'generations',
    summary: 'Paint from a prompt alone',
    body: openaiFields,
    event: 'image_generation',
    wanted: wantedGeneration,
  },
  {
    name: 'variations',
    summary: 'Paint anew from a picture alone',
    body: editFields.omit({ mask: true, prompt: true }),
    event: 'image_edit',
    wanted: wantedVariation,
  },
]

/** OpenAI's image API, `/v1/images/*`. What is known neither there nor to native routes means nothing here. */
export async function registerOpenai(app: App, deps: DialectDeps): Promise<void> {
  app.decorateRequest('openai')
  await withOwnBodies(app, (scope) => {
    for (const { name, summary, body, event, wanted } of routes) {
      const handler = async (request: FastifyRequest, reply: FastifyReply) => {
        const asked = await wanted(deps, callerOf(request), request.openai, holderOf(request, reply))
        if (asked.fields.stream) return paintInEvents(deps, request, reply, asked, event)
        return answerSlowly(reply, deps.heartbeatMs, paint(deps, request, reply, asked))
      }
      scope.route({
        method: 'POST',
        url: `/v1/images/${name}`,
        config: { scope: 'submit', token: keyOf, pace: 'own' },
        schema: {
          tags: ['OpenAI'],
          summary,
          consumes: ['multipart/form-data', 'application/json'],
          querystring: z.looseObject({}),
          body,
        },
        // Bodies are read and judged by the handler.
        validatorCompiler: () => () => true,
        onRequest: refuseEarly(deps.intake.refuse),
        preValidation: readBody(deps.intake),
        handler,
      })
    }
  })
}
