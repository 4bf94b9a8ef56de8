import { type ErrorCode, job } from '@pentimento/contracts'
import type { FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import { z } from 'zod'
import { drain } from '../http/body-pieces.ts'
import { type Form, formBytes, parseForm } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'
import { bodyRefusals, waitSeconds } from '../http/schemas.ts'
import { parseJsonForm, parseUrlencodedForm, textFormBytes } from '../http/text-form.ts'
import { type BodyRoom, countedBody, makeRoom, wholeBody } from './body-room.ts'

/** A way in which a form can be sent. */
interface Encoding {
  /** Of the largest form with so many files. */
  bytes(files: number): number
  read(request: FastifyRequest, files: readonly string[]): Promise<Form>
}

const typeOf = ({ headers }: FastifyRequest) => headers['content-type'] ?? ''

const encodings: Record<string, Encoding> = {
  'multipart/form-data': {
    bytes: formBytes,
    read: (request, files) => parseForm(countedBody(request), typeOf(request), files),
  },
  'application/json': {
    bytes: textFormBytes,
    read: async (request, files) =>
      parseJsonForm(await wholeBody(request, textFormBytes(files.length)), typeOf(request), files, request.upload),
  },
  'application/x-www-form-urlencoded': {
    bytes: textFormBytes,
    read: async (request, files) => parseUrlencodedForm(await wholeBody(request, textFormBytes(files.length)), files),
  },
}

function typeNameOf(request: FastifyRequest): string {
  return typeOf(request).split(';')[0]?.trim().toLowerCase() ?? ''
}

function encodingOf(request: FastifyRequest): Encoding | undefined {
  const type = typeNameOf(request)
  return Object.hasOwn(encodings, type) ? encodings[type] : undefined
}

/** Refuses what is no form of those types, or says that it is too large, before a byte of it is read. */
export function formOnly(files: readonly string[], types: readonly string[] = Object.keys(encodings)) {
  return async (request: FastifyRequest): Promise<void> => {
    const { headers, raw } = request
    const encoding = types.includes(typeNameOf(request)) ? encodingOf(request) : undefined
    const limit = (encoding?.bytes ?? formBytes)(files.length)
    if (encoding === undefined) {
      drain(raw, limit)
      throw new HttpProblem('unsupported_media_type', `send ${types.join(', or ')}`)
    }
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      drain(raw, limit)
      throw new HttpProblem('unsupported_media_type', 'send the form without a Content-Encoding')
    }
    if (Number(headers['content-length'] ?? 0) > limit) {
      drain(raw, limit)
      throw new HttpProblem('payload_too_large', `the form is larger than ${limit} bytes`)
    }
  }
}

/** Reads the form into `request.form`, as far as there is room for it. */
export function readForm(files: readonly string[], intake: BodyRoom): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const encoding = encodingOf(request)
    await makeRoom(request, reply, intake)
    try {
      if (encoding) request.form = await encoding.read(request, files)
    } catch (error) {
      drain(request.raw, (encoding?.bytes ?? formBytes)(files.length))
      throw error
    }
  }
}

const submitCodes: ErrorCode[] = [
  'invalid_multipart',
  'duplicate_field',
  'idempotency_in_progress',
  'not_supported',
  'unknown_model',
  'unknown_lora',
  'unknown_reference_model',
  'unknown_control',
  'invalid_image',
  'image_required',
  'mask_required',
  'empty_mask',
  'too_few_steps',
  'too_much_work',
  'image_url_failed',
  'source_unavailable',
  'idempotency_mismatch',
  'no_webhook_secret',
  'webhook_url_refused',
  'too_many_jobs',
  'quota_exceeded',
  'storage_quota',
  'queue_full',
  'no_worker',
  'overloaded',
  'enqueue_unknown',
  'storage_unavailable',
  'expired',
  'deleted',
]

/** What all submit routes answer and share in their description. */
export const submitSchema = {
  tags: ['Jobs'],
  consumes: Object.keys(encodings),
  querystring: z.strictObject({
    wait: waitSeconds.optional().describe('the same as `Prefer: wait=n`, and stronger where both are sent'),
  }),
  headers: z.object({
    'idempotency-key': z.string().optional().describe('a repeat with the same key within 24 h gives the same job'),
    prefer: z.string().optional().describe('`wait=n`: wait up to n (at most 60) seconds for the end of the job'),
  }),
  response: { 200: job, 202: job, ...bodyRefusals(...submitCodes) },
}
