import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../http/auth.ts'
import { bodyPieces } from '../http/body-pieces.ts'
import { clientSignal } from '../http/gone-client.ts'
import type { Form } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'
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

/** Where bodies with pictures come in. */
export type BodyRoom = Pick<Intake, 'uploads' | 'forms'>

/**
 * Takes the tenant's turn and a place in memory for a request's body, until `dropForm` or the end of the answer.
 *
 * @throws HttpProblem `rate_limited`
 */
export async function makeRoom(
  request: FastifyRequest,
  reply: FastifyReply,
  { uploads, forms }: BodyRoom,
): Promise<void> {
  const { tenant } = callerOf(request)
  const gone = clientSignal(reply)
  const giveBack = await forms.take(tenant, gone).catch(refuseMany)
  const upload = uploads.open(tenant, gone)
  request.upload = upload
  request.dropForm = () => {
    request.form = { fields: {}, files: [] }
    upload.close()
    giveBack()
  }
  reply.raw.once('close', request.dropForm)
}

function refuseMany(error: unknown): never {
  const detail = 'too many uploads of yours are under way'
  throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 10 }) : error
}

/** A piece is an object with what belongs to it, however few its bytes. */
const pieceBytes = 200

/** The body as it comes, each piece when there is room for it. */
export async function* countedBody({ raw, upload }: FastifyRequest): AsyncGenerator<Buffer> {
  for await (const piece of bodyPieces(raw)) {
    await upload.take(piece.length + pieceBytes)
    yield piece
  }
}

/** All of a body that is a text, and room for what is read out of it. @throws HttpProblem `payload_too_large` */
export async function wholeBody(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  // Memory that nothing was written to yet is only promised: whoever announces much and sends nothing takes none.
  const announced = Number(request.headers['content-length'] ?? unknownBytes)
  let body: Buffer = Buffer.allocUnsafeSlow(Math.min(announced, maxBytes))
  let size = 0
  for await (const piece of countedBody(request)) {
    if (size + piece.length > maxBytes)
      throw new HttpProblem('payload_too_large', `the body is larger than ${maxBytes} bytes`)
    if (size + piece.length > body.length) body = grown(body, size + piece.length)
    size += piece.copy(body, size)
  }
  await request.upload.take(size)
  return body.subarray(0, size)
}

/** What a chunked body is expected to have, at first. */
const unknownBytes = 64 * 1024

function grown(body: Buffer, least: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(least, 2 * body.length))
  body.copy(larger)
  return larger
}
