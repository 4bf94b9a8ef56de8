/** Bytes that are not text of their charset, or a charset that nobody knows. */
export class TextError extends Error {
  readonly reason: 'unknown_charset' | 'not_text'

  constructor(reason: TextError['reason'], message: string) {
    super(message)
    this.name = 'TextError'
    this.reason = reason
  }
}

/**
 * Bytes as text: of UTF-8 where no charset is declared, else of any that the WHATWG Encoding Standard knows. A byte
 * order mark is left out.
 *
 * @throws TextError, whose message continues a sentence about the text: `"prompt" is not …`
 */
export function decodeText(bytes: Uint8Array, charset = 'utf-8'): string {
  const decoder = textDecoder(charset)
  try {
    return decoder.decode(bytes)
  } catch {
    const remedy = 'send UTF-8, or declare the charset in its Content-Type, as in "charset=windows-1252"'
    throw new TextError('not_text', `is not valid ${decoder.encoding.toUpperCase()}: ${remedy}`)
  }
}

function textDecoder(charset: string) {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    const name = charset.length > 40 ? `${charset.slice(0, 40)}…` : charset
    throw new TextError('unknown_charset', `is in the charset "${name}", which is not known: send UTF-8`)
  }
}

const controls = /[^\P{Cc}\t\r\n]/u

/** Whether bytes begin as text does: no picture does. */
export function isText(bytes: Uint8Array): boolean {
  try {
    // The cut may go through a character.
    const start = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 512), { stream: true })
    return !controls.test(start)
  } catch {
    return false
  }
}
