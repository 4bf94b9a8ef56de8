import type { preValidationAsyncHookHandler } from 'fastify'
import { drain } from '../http/body-pieces.ts'
import { decodeText, TextError } from '../http/decode-text.ts'
import { tooManyValues } from '../http/json-values.ts'
import { setAside } from '../http/long-texts.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Upload } from '../http/upload-budget.ts'
import { type BodyRoom, makeRoom, wholeBody } from '../submit/body-room.ts'

/** What a body may hold beside its pictures. */
const textBytes = 256 * 1024

/** Bytes of a body whose pictures have at most so many bytes as files: base64 takes four for three. */
export function jsonBytes(pictures: number): number {
  return Math.ceil((pictures * 4) / 3) + textBytes
}

/**
 * Reads a body of JSON into `request.body`, as far as there is room for it: undefined for an empty one. More lenient
 * than native routes are: nothing is asked for the type that it was sent under.
 *
 * @throws HttpProblem
 */
export function readJson(intake: BodyRoom, maxBytes: number): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const { headers, raw } = request
    await makeRoom(request, reply, intake)
    try {
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
        throw new HttpProblem('unsupported_media_type', 'send the body without a Content-Encoding')
      }
      if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
      request.body = await parse(await wholeBody(request, maxBytes), request.upload)
    } catch (error) {
      drain(raw, maxBytes)
      throw error
    }
  }
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem('payload_too_large', `the body is larger than ${maxBytes} bytes`)
}

async function parse(bytes: Buffer, upload: Upload): Promise<unknown> {
  if (tooManyValues(bytes)) throw new HttpProblem('payload_too_large', 'the body has too many values, or too deep ones')
  try {
    const text = decodeText(setAside(bytes, upload)).trim()
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    const what = cause instanceof TextError ? cause.message : 'is not valid JSON'
    throw new HttpProblem('invalid_request', `the body ${what}`, { cause })
  }
}
