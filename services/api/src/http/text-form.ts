import { limits } from '@pentimento/contracts'
import { afterDataUrl, base64InPlace, type Escapes, jsonEscapes, urlEscapes } from './base64-bytes.ts'
import { decodeText, TextError } from './decode-text.ts'
import { declaredCharset, readJson } from './json-body.ts'
import { tooManyValues } from './json-values.ts'
import { longText, setAside } from './long-texts.ts'
import { type Form, fieldCount, formBytes, largestFiles } from './multipart.ts'
import { fieldProblem, HttpProblem } from './problem.ts'
import type { Upload } from './upload-budget.ts'

/**
 * Bytes of a whole form with `files` files as text: base64 takes four for three, and escapes of an urlencoded form some
 * more.
 */
export function textFormBytes(files: number): number {
  return Math.ceil(Math.min(files, largestFiles) * limits.imageBytes * 1.5) + formBytes(0)
}

type Entry = readonly [name: string, value: unknown]

/**
 * Reads a form out of JSON: its fields are what they are in a multipart form, or numbers, booleans and objects in their
 * place; null is as if it were left out. A file is a `data:` URL or base64.
 *
 * @param upload that holds the body
 * @throws HttpProblem
 */
export async function parseJsonForm(
  body: Buffer,
  contentType: string,
  fileNames: readonly string[],
  upload: Upload,
): Promise<Form> {
  if (tooManyValues(body)) throw new HttpProblem('payload_too_large', 'the body has too many values, or too deep ones')
  const value = await readJson(isUtf8(contentType) ? setAside(body, upload) : body, contentType)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpProblem('invalid_request', 'the body must be a JSON object of fields')
  const entries = Object.entries(value).filter(([, one]) => one !== null)
  return toForm(entries, fileNames, (name, text) =>
    fileOf(name, longText(text, upload) ?? Buffer.from(JSON.stringify(text).slice(1, -1)), jsonEscapes),
  )
}

const isUtf8 = (contentType: string) => /^utf-?8$/i.test(declaredCharset(contentType) ?? 'utf-8')

/** The same of an urlencoded form (WHATWG URL, section 5.1). @throws HttpProblem */
export async function parseUrlencodedForm(body: Buffer, fileNames: readonly string[]): Promise<Form> {
  const most = fieldCount + fileNames.length
  const files = new Map<string, Buffer>()
  const names = new Set<string>()
  const entries: Entry[] = []
  for (let from = 0; from < body.length; ) {
    const next = body.indexOf('&', from)
    const pair = body.subarray(from, next === -1 ? body.length : next)
    from += pair.length + 1
    if (pair.length === 0) continue
    if (entries.length === most) throw new HttpProblem('payload_too_large', 'the form has too many parts')
    const at = pair.indexOf('=')
    const name = unescaped(textOf(at === -1 ? pair : pair.subarray(0, at)))
    if (names.has(name)) throw fieldProblem('duplicate_field', name, `"${name.slice(0, 60)}" was sent twice`)
    names.add(name)
    const value = at === -1 ? Buffer.alloc(0) : pair.subarray(at + 1)
    if (fileNames.includes(name)) files.set(name, value)
    entries.push([name, files.has(name) ? '' : unescaped(textOf(value))])
  }
  return toForm(entries, fileNames, (name) => fileOf(name, files.get(name) ?? Buffer.alloc(0), urlEscapes))
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
    return urlEscapes.read(text)
  } catch (cause) {
    throw new HttpProblem('invalid_request', 'the form has an escape that is none, or is not of UTF-8', { cause })
  }
}

type ReadFile = (name: string, text: string) => Promise<Uint8Array>

async function toForm(entries: readonly Entry[], fileNames: readonly string[], read: ReadFile): Promise<Form> {
  const fields: Record<string, unknown> = Object.create(null)
  const files: Form['files'][number][] = []
  for (const [name, value] of entries) {
    if (fileNames.includes(name) && typeof value === 'string') files.push({ name, bytes: await read(name, value) })
    else fields[name] = value
  }
  return { fields, files }
}

/** The bytes of a file as text. The type that a `data:` URL claims is not looked at: content decides. */
async function fileOf(name: string, text: Buffer, escapes: Escapes): Promise<Uint8Array> {
  const isUrl = /^https?[:%]/i.test(text.toString('latin1', 0, 6))
  const bytes = await base64InPlace(afterDataUrl(text, escapes), escapes)
  if (bytes === null) {
    const address = name === 'image' && isUrl ? ', or its address as image_url' : ''
    throw fieldProblem('invalid_fields', name, `must be base64, or a data: URL with it${address}`)
  }
  if (bytes.length > limits.imageBytes)
    throw fieldProblem('payload_too_large', name, `"${name}" is larger than ${limits.imageBytes} bytes`)
  return bytes
}
