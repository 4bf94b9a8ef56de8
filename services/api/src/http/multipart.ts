import { createHash } from 'node:crypto'
import { type ErrorCode, limits } from '@pentimento/contracts'
import { type MultipartError, make, type PartInfo } from 'multipasta'
import { decodeText, isText, TextError } from './decode-text.ts'
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
const unreadable = 'the form cannot be read'

/** Bytes of a whole form with `files` files. */
export function formBytes(files: number): number {
  return files * limits.imageBytes + fieldCount * (fieldBytes + 1024)
}

/**
 * Reads a multipart form into plain text fields and `UploadedFile`s, all under one object. A part under a name of `fileNames` is a file, whatever its headers;
 * every other one is text. Refuses what a lenient parser would hide: a name sent twice, a file under a name that is none, a part without a name, bytes that
 * are not text, a form larger than it may be.
 *
 * @param pieces of the body
 */
export async function parseForm(
  pieces: AsyncIterable<Buffer>,
  contentType: string,
  fileNames: readonly string[],
): Promise<Record<string, unknown>> {
  const form: Record<string, unknown> = Object.create(null)
  const limit = formBytes(fileNames.length)
  let problem: HttpProblem | undefined
  let parts = 0
  let ended = false

  /** The first thing that is wrong is the answer; the parser goes on to the end of its piece. */
  function attempt(step: () => void): void {
    if (problem) return
    try {
      step()
    } catch (error) {
      problem =
        error instanceof HttpProblem ? error : new HttpProblem('invalid_multipart', unreadable, { cause: error })
    }
  }

  const parser = make({
    headers: { 'content-type': contentType },
    // Text is read as bytes as well, since the parser would guess at those that are none.
    isFile: () => true,
    onField: () => {},
    onFile(info) {
      attempt(() => {
        if (++parts > fieldCount + fileNames.length)
          throw new HttpProblem('payload_too_large', 'the form has too many parts')
        checkName(info, form, fileNames)
      })
      const isFile = fileNames.includes(info.name)
      const finish = (bytes: Buffer) => {
        const value = isFile ? fileOf(info, bytes) : textOf(info, bytes, contentType)
        if (value !== null) form[info.name] = value
      }
      return collect(info.name, isFile ? limits.imageBytes : fieldBytes, attempt, finish)
    },
    onError: (error) => attempt(() => throwMultipart(error)),
    onDone: () => {
      ended = true
    },
  })
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > limit) throw new HttpProblem('payload_too_large', `the form is larger than ${limit} bytes`)
    attempt(() => parser.write(piece))
    if (problem) throw problem
  }
  attempt(() => parser.end())
  if (problem) throw problem
  if (!ended) throw new HttpProblem('invalid_multipart', unreadable)
  return form
}

function refuse(code: ErrorCode, name: string, what: string): never {
  throw fieldProblem(code, name, `"${shorten(name)}" ${what}`)
}

function checkName({ name, filename }: PartInfo, form: Record<string, unknown>, fileNames: readonly string[]): void {
  if (name === '') {
    const remedy = 'it needs Content-Disposition: form-data; name="…"'
    throw new HttpProblem('invalid_multipart', `a part has no name: ${remedy}`)
  }
  // What the parser puts for bytes that are not UTF-8.
  if (name.includes('\ufffd')) refuse('invalid_multipart', name, 'is no name in UTF-8')
  if (name in Object.prototype) throw new HttpProblem('invalid_multipart', 'a field has a forbidden name')
  if (name in form) refuse('duplicate_field', name, 'was sent twice')
  if (filename && !fileNames.includes(name)) {
    const remedy = 'send text without a filename'
    refuse('invalid_multipart', name, `is not a file field; file fields are ${fileNames.join(', ')}: ${remedy}`)
  }
}

/** Takes the pieces of a part, null at its end. */
function collect(
  name: string,
  limit: number,
  attempt: (step: () => void) => void,
  finish: (bytes: Buffer) => void,
): (piece: Uint8Array | null) => void {
  const pieces: Uint8Array[] = []
  let size = 0
  return (piece) =>
    attempt(() => {
      if (piece === null) return finish(Buffer.concat(pieces, size))
      size += piece.length
      if (size > limit) refuse('payload_too_large', name, `is larger than ${limit} bytes`)
      pieces.push(piece)
    })
}

/** Null for the empty part that a browser sends for a file that was not chosen. */
function fileOf({ name, filename }: PartInfo, bytes: Buffer): UploadedFile | null {
  if (bytes.length === 0 && !filename) return null
  if (!filename && isText(bytes)) {
    const url = name === 'image' ? ', or its address as image_url' : ''
    refuse(
      'invalid_fields',
      name,
      `is text, not a file: send the picture itself, as curl does with -F ${name}=@picture.png${url}`,
    )
  }
  return new UploadedFile(bytes)
}

/** The text of a field, in the charset that its part declares, else the form, else UTF-8. */
function textOf({ name, contentTypeParameters }: PartInfo, bytes: Buffer, formType: string): string {
  const ofForm = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(formType)?.[1]
  try {
    return decodeText(bytes, contentTypeParameters.charset ?? ofForm)
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    const code = error.reason === 'unknown_charset' ? 'unsupported_media_type' : 'invalid_multipart'
    return refuse(code, name, error.message)
  }
}

function throwMultipart(error: MultipartError): never {
  throw new HttpProblem('invalid_multipart', unreadable, { cause: error })
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}
