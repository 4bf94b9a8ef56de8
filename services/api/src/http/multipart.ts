import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type ErrorCode, limits } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import { fieldProblem, HttpProblem } from './problem.ts'

/** A file part, whole in memory. Its name and declared type are not kept: content decides. */
export class UploadedFile {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  sha256(): string {
    return createHash('sha256').update(this.bytes).digest('hex')
  }
}

const fieldBytes = 16 * 1024
const fieldCount = 64

/** Bytes of a whole form with `files` files: the plugin's limits are per part and do not add up. */
export function formBytes(files: number): number {
  return files * limits.imageBytes + fieldCount * (fieldBytes + 1024)
}

/**
 * Reads a multipart form into plain text fields and `UploadedFile`s, all under one object. Refuses what a lenient parser would hide: a name sent twice,
 * a file under a name that is none, a field cut short, a form larger than it may be.
 */
export async function parseForm(
  request: FastifyRequest,
  fileNames: readonly string[],
): Promise<Record<string, unknown>> {
  const guard = guardBytes(request.raw, formBytes(fileNames.length))
  try {
    return await Promise.race([readParts(request, fileNames), guard.exceeded])
  } catch (error) {
    drain(request.raw, formBytes(fileNames.length))
    throw asMultipartProblem(error)
  } finally {
    guard.stop()
  }
}

async function readParts(request: FastifyRequest, fileNames: readonly string[]): Promise<Record<string, unknown>> {
  const form: Record<string, unknown> = Object.create(null)
  const parts = request.parts({
    limits: {
      fileSize: limits.imageBytes,
      // One more than there are names, so that the file too many is met below, where it can be named.
      files: fileNames.length + 1,
      fields: fieldCount,
      parts: fieldCount + fileNames.length + 1,
      fieldSize: fieldBytes,
      headerPairs: 20,
    },
  })
  for await (const part of parts) {
    const name: string | undefined = part.fieldname
    if (name === undefined || name === '') throw new HttpProblem('invalid_multipart', 'a part has no name')
    const refuse = (code: ErrorCode, what: string) => fieldProblem(code, name, `"${shorten(name)}" ${what}`)
    if (name in form) throw refuse('duplicate_field', 'was sent twice')
    if (part.type === 'file') {
      if (!fileNames.includes(name)) {
        throw refuse('invalid_multipart', `is not a file field; file fields are ${fileNames.join(', ')}`)
      }
      form[name] = new UploadedFile(
        await part.toBuffer().catch((error: unknown) => {
          throw isTooLarge(error) ? refuse('payload_too_large', `is larger than ${limits.imageBytes} bytes`) : error
        }),
      )
    } else {
      if (part.valueTruncated || part.fieldnameTruncated) {
        throw refuse('payload_too_large', `is longer than ${fieldBytes} bytes`)
      }
      form[name] = part.value
    }
  }
  return form
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE'
}

function guardBytes(raw: IncomingMessage, limit: number): { exceeded: Promise<never>; stop: () => void } {
  let count = 0
  let refuse: (error: Error) => void = () => {}
  const exceeded = new Promise<never>((_, reject) => {
    refuse = reject
  })
  exceeded.catch(() => {})
  const onData = (chunk: Buffer) => {
    count += chunk.length
    if (count > limit) refuse(new HttpProblem('payload_too_large', `the form is larger than ${limit} bytes`))
  }
  raw.on('data', onData)
  return { exceeded, stop: () => raw.off('data', onData) }
}

/**
 * Reads on and drops what a refused client still sends, so that it gets to read the answer; one that sends far too much is cut off.
 */
export function drain(raw: IncomingMessage, limit: number): void {
  let count = 0
  raw.unpipe()
  raw.on('error', () => {})
  raw.on('data', (chunk: Buffer) => {
    count += chunk.length
    if (count > limit) raw.destroy()
  })
  raw.resume()
}

/** busboy reports broken forms as plain errors, and Node a client that hangs up in the middle of one. */
function asMultipartProblem(error: unknown): unknown {
  const ofPlugin = error instanceof Error && 'code' in error && String(error.code).startsWith('FST_')
  return error instanceof HttpProblem || ofPlugin
    ? error
    : new HttpProblem('invalid_multipart', 'the form cannot be read', { cause: error })
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}
