import { lossOfJson } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import type { App } from '../deps.ts'
import { betweenSteps } from './between-steps.ts'
import { decodeText, TextError } from './decode-text.ts'
import { HttpProblem } from './problem.ts'

/**
 * Takes JSON as it was sent or not at all: no byte that is not text, no number that would be rounded, no member that
 * would be lost.
 */
export function registerJsonBody(app: App): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    return readJson(body, request.headers['content-type'])
  })
}

/** The charset that a type names, as it is written there. */
export function declaredCharset(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]
}

/** A body of JSON as it was sent. @throws HttpProblem */
export async function readJson(body: Buffer, contentType = ''): Promise<unknown> {
  const charset = declaredCharset(contentType)
  if (body.length === 0) throw new HttpProblem('invalid_request', 'the body is empty; send JSON')
  const text = asText(body, charset)
  await betweenSteps(body.length)
  const value = asJson(text)
  await betweenSteps(body.length)
  const loss = lossOfJson(text)
  if (loss !== null) throw new HttpProblem('invalid_request', `the body cannot be taken as it is: ${loss}`)
  return value
}

function asText(body: Buffer, charset: string | undefined): string {
  try {
    return decodeText(body, charset)
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    const code = error.reason === 'unknown_charset' ? 'unsupported_media_type' : 'invalid_request'
    throw new HttpProblem(code, `the body ${error.message}`)
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HttpProblem('invalid_request', 'the body is not valid JSON', { cause: error })
  }
}
