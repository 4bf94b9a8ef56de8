import { job } from '@pentimento/contracts'
import type { FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../http/auth.ts'
import { bodyPieces, drain } from '../http/body-pieces.ts'
import { clientSignal } from '../http/gone-client.ts'
import { type Form, formBytes, parseForm } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'
import { problems, waitSeconds } from '../http/schemas.ts'
import { TooManyWaiting } from '../http/turns.ts'
import type { Upload } from '../http/upload-budget.ts'
import type { Intake } from './intake.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** As it was sent. */
    form: Form
    /** What the request holds of the memory for uploads. */
    upload: Upload
    /** Lets go of the form and its place in memory, before a long answer. */
    dropForm(): void
  }
}

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
export function readForm(
  files: readonly string[],
  { uploads, forms }: Pick<Intake, 'uploads' | 'forms'>,
): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const { raw, headers } = request
    const { tenant } = callerOf(request)
    const gone = clientSignal(reply)
    const giveBack = await forms.take(tenant, gone).catch(refuseMany)
    reply.raw.once('close', giveBack)
    const upload = uploads.open(tenant, gone)
    reply.raw.once('close', upload.close)
    request.upload = upload
    request.dropForm = () => {
      request.form = { fields: {}, files: [] }
      upload.close()
      giveBack()
    }
    try {
      request.form = await parseForm(counted(bodyPieces(raw), upload), headers['content-type'] ?? '', files)
    } catch (error) {
      drain(raw, formBytes(files.length))
      throw error
    }
  }
}

function refuseMany(error: unknown): never {
  const detail = 'too many uploads of yours are under way'
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 10 }) : error
}

/** A piece is an object with what belongs to it, however few its bytes. */
const pieceBytes = 200

async function* counted(pieces: AsyncIterable<Buffer>, upload: Upload): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    await upload.take(piece.length + pieceBytes)
    yield piece
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
