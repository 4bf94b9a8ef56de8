import { limits } from '@pentimento/contracts'
import { betweenSteps } from './between-steps.ts'
import { decodeText, TextError } from './decode-text.ts'
import { readJson } from './json-body.ts'
import { tooManyValues } from './json-values.ts'
import { type Form, fieldCount, formBytes } from './multipart.ts'
import { fieldProblem, HttpProblem } from './problem.ts'
import type { Upload } from './upload-budget.ts'

/**
 * Bytes of a whole form with `files` files as text: base64 takes four for three, and escapes of an urlencoded form some
 * more.
 */
export function textFormBytes(files: number): number {
  return Math.ceil(files * limits.imageBytes * 1.5) + formBytes(0)
}

type Entry = readonly [name: string, value: unknown]

/**
 * Reads a form out of JSON: its fields are what they are in a multipart form, or numbers, booleans and objects in their
 * place; null is as if it were left out. A file is a `data:` URL or base64.
 *
 * @param upload what the bytes of files count against
 * @throws HttpProblem
 */
export async function parseJsonForm(
  body: Buffer,
  contentType: string,
  fileNames: readonly string[],
  upload: Upload,
): Promise<Form> {
  if (tooManyValues(body)) throw new HttpProblem('payload_too_large', 'the body has too many values, or too deep ones')
  const value = await readJson(body, contentType)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpProblem('invalid_request', 'the body must be a JSON object of fields')
  return toForm(
    Object.entries(value).filter(([, one]) => one !== null),
    fileNames,
    upload,
  )
}

/** The same of an urlencoded form (WHATWG URL, section 5.1). @throws HttpProblem */
export async function parseUrlencodedForm(body: Buffer, fileNames: readonly string[], upload: Upload): Promise<Form> {
  const pairs = textOf(body)
    .split('&', fieldCount + fileNames.length + 1)
    .filter((pair) => pair !== '')
  if (pairs.length > fieldCount + fileNames.length)
    throw new HttpProblem('payload_too_large', 'the form has too many parts')
  const names = new Set<string>()
  const entries = pairs.map((pair): Entry => {
    const at = pair.indexOf('=')
    const name = unescaped(at === -1 ? pair : pair.slice(0, at))
    if (names.has(name)) throw fieldProblem('duplicate_field', name, `"${name.slice(0, 60)}" was sent twice`)
    names.add(name)
    return [name, at === -1 ? '' : unescaped(pair.slice(at + 1))]
  })
  return toForm(entries, fileNames, upload)
}

function textOf(body: Buffer): string {
  try {
    return decodeText(body)
  } catch (error) {
    throw error instanceof TextError ? new HttpProblem('invalid_request', `the body ${error.message}`) : error
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new HttpProblem('invalid_request', 'the form has an escape that is none, or is not of UTF-8', { cause })
  }
}

async function toForm(entries: readonly Entry[], fileNames: readonly string[], upload: Upload): Promise<Form> {
  const fields: Record<string, unknown> = Object.create(null)
  const files: Form['files'][number][] = []
  for (const [name, value] of entries) {
    if (fileNames.includes(name) && typeof value === 'string')
      files.push({ name, bytes: await bytesOf(name, value, upload) })
    else fields[name] = value
  }
  return { fields, files }
}

/** The bytes of a file as text. The type that a `data:` URL claims is not looked at: content decides. */
async function bytesOf(name: string, text: string, upload: Upload): Promise<Uint8Array> {
  await betweenSteps(text.length)
  const from = /^data:[^,]{0,200};base64,/i.exec(text)?.[0].length ?? 0
  const base64 = (from === 0 ? text : text.slice(from)).replace(/\s+/g, '').replace(/={1,2}$/, '')
  const size = Math.floor((base64.length * 3) / 4)
  if (size > limits.imageBytes)
    throw fieldProblem('payload_too_large', name, `"${name}" is larger than ${limits.imageBytes} bytes`)
  await upload.take(size)
  const bytes = Buffer.from(base64, 'base64')
  if (size > 0 && isWhole(base64, bytes)) return bytes
  const url = name === 'image' && /^https?:/i.test(text) ? ', or its address as image_url' : ''
  throw fieldProblem('invalid_fields', name, `must be base64, or a data: URL with it${url}`)
}

/**
 * Whether a text without padding is nothing but digits of base64: Node's decoder passes over all else and takes a
 * letter beyond Latin-1 for another one. A pattern takes three times as long as the decoder itself.
 */
function isWhole(base64: string, bytes: Buffer): boolean {
  const isAscii = Buffer.byteLength(base64) === base64.length
  return isAscii && base64.length % 4 !== 1 && bytes.length === Math.floor((base64.length * 3) / 4)
}
