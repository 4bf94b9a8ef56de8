import { job } from '@pentimento/contracts'
import type { FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import { z } from 'zod'
import { drain } from '../http/body-pieces.ts'
import { formBytes, parseForm } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'
import { problems, waitSeconds } from '../http/schemas.ts'
import { type BodyRoom, countedBody, makeRoom } from './body-room.ts'

/** Refuses what is no form, or says that it is too large, before a byte of it is read. */
export function formOnly(files: readonly string[]) {
  return async (request: FastifyRequest): Promise<void> => {
    const { headers, raw } = request
    if (!/^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '')) {
      drain(raw, formBytes(files.length))
      throw new HttpProblem('unsupported_media_type', 'send multipart/form-data')
    }
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      drain(raw, formBytes(files.length))
      throw new HttpProblem('unsupported_media_type', 'send the form without a Content-Encoding')
    }
    if (Number(headers['content-length'] ?? 0) > formBytes(files.length)) {
      drain(raw, formBytes(files.length))
      throw new HttpProblem('payload_too_large', `the form is larger than ${formBytes(files.length)} bytes`)
    }
  }
}

/** Reads the form into `request.form`, as far as there is room for it. */
export function readForm(files: readonly string[], intake: BodyRoom): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const { raw, headers } = request
    await makeRoom(request, reply, intake)
    try {
      request.form = await parseForm(countedBody(request), headers['content-type'] ?? '', files)
    } catch (error) {
      drain(raw, formBytes(files.length))
      throw error
    }
  }
}

/** What both submit routes answer and share in their description. */
export const submitSchema = {
  tags: ['Jobs'],
  consumes: ['multipart/form-data'],
  querystring: z.strictObject({
    wait: waitSeconds.optional().describe('the same as `Prefer: wait=n`, and stronger where both are sent'),
  }),
  headers: z.object({
    'idempotency-key': z.string().optional().describe('a repeat with the same key within 24 h gives the same job'),
    prefer: z.string().optional().describe('`wait=n`: wait up to n (at most 60) seconds for the end of the job'),
  }),
  response: { 200: job, 202: job, ...problems },
}
