import { parseForm } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'

/** The headers of a part as they are written, and its bytes. */
export type Part = [head: string | Buffer, body: string | Uint8Array]

/** The disposition of a part of a form, with these parameters. */
export const named = (parameters: string) => `Content-Disposition: form-data; ${parameters}`

/** A body with the boundary `abc`. */
export function bodyOf(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(([head, body]) => ['--abc\r\n', head, '\r\n\r\n', body, '\r\n'])
  return Buffer.concat([...pieces, '--abc--\r\n'].map((piece) => Buffer.from(piece as string)))
}

export const typeOf = 'multipart/form-data; boundary=abc'

/** What the service makes of a form with the files `image` and `mask`: of a file its length; or how it refuses it. */
export async function readHandMade(parts: readonly Part[], type = typeOf): Promise<Record<string, unknown>> {
  async function* pieces() {
    yield bodyOf(parts)
  }
  try {
    const { fields, files } = await parseForm(pieces(), type, ['image', 'mask'])
    return { ...fields, ...Object.fromEntries(files.map(({ name, bytes }) => [name, bytes.length])) }
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error
    const { status, code, message, options } = error
    return { status, code, detail: message, pointer: options.errors?.[0]?.pointer }
  }
}
