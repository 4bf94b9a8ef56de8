import { type ErrorCode, limits } from '@pentimento/contracts'
import { decodeText, isText, TextError } from './decode-text.ts'
import { mediaType, type PartHead, type PartSink, readParts } from './form-parts.ts'
import { fieldProblem, HttpProblem } from './problem.ts'

/** What a client sends to have a job made of it, files whole in memory. */
export interface Form {
  /** By name, as they were sent. */
  fields: Readonly<Record<string, unknown>>
  /** By the names of their fields. The names and types that they were sent with are not kept: content decides. */
  files: readonly { name: string; bytes: Uint8Array }[]
}

/** A text field before its charset is known. */
interface TextPart {
  name: string
  head: PartHead
  bytes: Buffer
}

const fieldBytes = 16 * 1024
/** How many text fields a form may have. */
export const fieldCount = 96
/** How many of the largest files a form may have: more of them are smaller ones. */
export const largestFiles = 3

/** Bytes of a whole form with `files` files. */
export function formBytes(files: number): number {
  return Math.min(files, largestFiles) * limits.imageBytes + fieldCount * (fieldBytes + 1024)
}

/**
 * Reads a multipart form into plain text fields and files. A part under a name of `fileNames` is a file, whatever its
 * headers; every other one is text. Refuses what a lenient parser would hide: a name sent twice, a file under a name
 * that is none, a part without a name, bytes that are not text, a form larger than it may be.
 *
 * @param pieces of the body
 * @throws HttpProblem
 */
export async function parseForm(
  pieces: AsyncIterable<Buffer>,
  contentType: string,
  fileNames: readonly string[],
): Promise<Form> {
  const fields: Record<string, unknown> = Object.create(null)
  const files: Form['files'][number][] = []
  const texts: TextPart[] = []
  const names = new Set<string>()

  function open(head: PartHead): PartSink {
    const name = checkHead(head, names, fileNames)
    names.add(name)
    if (names.size > fieldCount + fileNames.length)
      throw new HttpProblem('payload_too_large', 'the form has too many parts')
    if (!fileNames.includes(name)) return collect(name, fieldBytes, (bytes) => texts.push({ name, head, bytes }))
    return collect(name, limits.imageBytes, (bytes) => {
      // What a browser sends for a file that was not chosen.
      if (bytes.length > 0 || head.filename) files.push({ name, bytes: fileOf(name, head, bytes) })
    })
  }

  const type = mediaType(contentType)
  const boundary = type?.params.get('boundary')
  if (!type || !boundary) throw new HttpProblem('invalid_multipart', 'the Content-Type of the form names no boundary')
  await readParts(atMost(formBytes(fileNames.length), pieces), boundary, open)
  // A form may name its charset in a field (RFC 7578, section 4.6), wherever in the form that stands.
  const named = texts.find(({ name }) => name === '_charset_')?.bytes.toString('latin1')
  const charset = named || (type.params.get('charset') ?? undefined)
  for (const text of texts) {
    const value = text.name === '_charset_' ? null : readText(text, charset)
    if (value !== null) fields[text.name] = value
  }
  return { fields, files }
}

async function* atMost(limit: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > limit) throw new HttpProblem('payload_too_large', `the form is larger than ${limit} bytes`)
    yield piece
  }
}

function refuse(code: ErrorCode, name: string, what: string): never {
  throw fieldProblem(code, name, `"${shorten(name)}" ${what}`)
}

/** The name of a part that may stand in the form. */
function checkHead(head: PartHead, names: ReadonlySet<string>, fileNames: readonly string[]): string {
  if (!head.name) {
    throw new HttpProblem('invalid_multipart', 'a part has no name: it needs Content-Disposition: form-data; name="…"')
  }
  const name = Buffer.from(head.name, 'latin1').toString()
  if (name.includes('\ufffd')) refuse('invalid_multipart', name, 'is no name in UTF-8')
  if (name in Object.prototype) throw new HttpProblem('invalid_multipart', 'a field has a forbidden name')
  if (names.has(name)) refuse('duplicate_field', name, 'was sent twice')
  if (head.filename && !fileNames.includes(name)) {
    const remedy = `send text without a filename, as curl does with -F "${shorten(name)}=<file.txt"`
    refuse('invalid_multipart', name, `is not a file field; file fields are ${fileNames.join(', ')}: ${remedy}`)
  }
  if (head.type?.type === 'multipart') {
    const remedy = 'curl makes them of a value that begins with "(", but for --form-string in place of -F'
    refuse('invalid_multipart', name, `has parts of its own, and one value is wanted: ${remedy}`)
  }
  if (!['7bit', '8bit', 'binary'].includes(head.encoding)) {
    const remedy = 'send its bytes as they are (RFC 7578, section 4.7)'
    refuse('invalid_multipart', name, `has a Content-Transfer-Encoding, which forms do not have: ${remedy}`)
  }
  return name
}

function collect(name: string, limit: number, finish: (bytes: Buffer) => void): PartSink {
  const pieces: Buffer[] = []
  let size = 0
  return (piece) => {
    if (piece === null) return finish(Buffer.concat(pieces, size))
    size += piece.length
    if (size > limit) refuse('payload_too_large', name, `is larger than ${limit} bytes`)
    pieces.push(piece)
  }
}

function fileOf(name: string, { filename }: PartHead, bytes: Buffer): Buffer {
  if (!filename && isText(bytes)) {
    const url = name === 'image' ? ', or its address as image_url' : ''
    const remedy = `send the picture itself, as curl does with -F ${name}=@picture.png${url}`
    refuse('invalid_fields', name, `is text, not a file: ${remedy}`)
  }
  return bytes
}

/** The text of a field, in the charset that its part declares, else the form, else UTF-8. */
function readText({ name, head, bytes }: TextPart, charset: string | undefined): unknown {
  try {
    const text = decodeText(bytes, head.type?.params.get('charset') ?? charset)
    return head.type?.essence === 'application/json' ? readJson(name, text) : text
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    const code = error.reason === 'unknown_charset' ? 'unsupported_media_type' : 'invalid_multipart'
    return refuse(code, name, error.message)
  }
}

/**
 * Some clients declare each field as JSON. A string is then the text in it; what else there is, is read out of the text
 * by the field's own rules.
 */
function readJson(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' || value === null ? value : text
  } catch {
    return refuse('invalid_multipart', name, 'is declared as JSON and is none')
  }
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}
