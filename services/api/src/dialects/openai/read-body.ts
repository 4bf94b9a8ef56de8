import { limits } from '@pentimento/contracts'
import type { FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import { drain } from '../../http/body-pieces.ts'
import { formBytes } from '../../http/multipart.ts'
import { HttpProblem } from '../../http/problem.ts'
import { type BodyRoom, countedBody, makeRoom } from '../../submit/body-room.ts'
import { jsonBytes, readJson } from '../json-body.ts'
import { readLooseForm } from './loose-form.ts'
import type { Sent } from './sent.ts'
import { sentOfJson } from './sent-json.ts'

declare module 'fastify' {
  interface FastifyRequest {
    openai: Sent
  }
}

/** Two pictures too many are read, so that they can be refused by name. */
const formLimit = formBytes(4)

/**
 * Reads a form or JSON into `request.openai`, as far as there is room for it. Whatever is no form counts as JSON.
 *
 * @throws HttpProblem
 */
export function readBody(intake: BodyRoom): preValidationAsyncHookHandler {
  const json = readJson(intake, jsonBytes(3 * limits.imageBytes))
  return async function (request, reply) {
    if (isForm(request)) {
      await makeRoom(request, reply, intake)
      request.openai = await readForm(request)
    } else {
      await json.call(this, request, reply)
      request.openai = sentOfJson(request.body)
    }
    request.body = undefined
  }
}

function isForm({ headers }: FastifyRequest): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '')
}

async function readForm(request: FastifyRequest): Promise<Sent> {
  const { headers, raw } = request
  try {
    if (Number(headers['content-length'] ?? 0) > formLimit) throw tooLarge()
    return await readLooseForm(atMost(countedBody(request)), headers['content-type'] ?? '')
  } catch (error) {
    drain(raw, formLimit)
    throw error
  }
}

async function* atMost(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > formLimit) throw tooLarge()
    yield piece
  }
}

function tooLarge(): HttpProblem {
  return new HttpProblem('payload_too_large', `the form is larger than ${formLimit} bytes`)
}
