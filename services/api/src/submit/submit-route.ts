import type { JobKind } from '@pentimento/contracts'
import type { FastifySchema, FastifySchemaCompiler } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import type { App, Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { clientSignal } from '../http/gone-client.ts'
import { formOnly, readForm, submitSchema } from './form-route.ts'
import { kinds } from './kinds.ts'
import { refuseEarly } from './refuse-early.ts'
import { respondAccepted } from './respond.ts'
import { type SubmitDeps, submit } from './submit.ts'

export type SubmitRouteDeps = SubmitDeps & Pick<Deps, 'auth' | 'publicUrl' | 'draining'>

/** `POST /v1/{kind}`: from the form to the accepted job. */
export function registerSubmit(
  app: App,
  deps: SubmitRouteDeps,
  { kind, summary }: { kind: JobKind; summary: string },
): void {
  const { intake } = deps
  const { files, form } = kinds[kind]
  app.route({
    method: 'POST',
    url: `/v1/${kind}`,
    config: { scope: 'submit', pace: 'own' },
    schema: { ...submitSchema, operationId: kind, summary, body: form },
    validatorCompiler: allButBody,
    onRequest: [formOnly(files), refuseEarly(intake.refuse)],
    preValidation: readForm(files, intake),
    handler: async (request, reply) => {
      const accepted = await submit(deps, {
        caller: callerOf(request),
        kind,
        ...request.form,
        key: request.headers['idempotency-key'],
        gone: clientSignal(reply),
        upload: request.upload,
        traceparent: request.span.traceparent,
      })
      // Before the answer, which may take long.
      request.dropForm()
      return respondAccepted(deps, intake.waits, accepted, reply, request.query.wait)
    },
  })
}

/** The form is checked by `submit`, whatever route it comes from. */
const allButBody: FastifySchemaCompiler<FastifySchema> = (route) =>
  route.httpPart === 'body' ? () => true : validatorCompiler(route as never)
