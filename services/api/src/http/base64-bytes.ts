import { betweenSteps } from './between-steps.ts'

/** How a text writes characters in other ways. */
export interface Escapes {
  /** The byte that begins one. */
  begin: number
  /** Bytes of the longest for a character of ASCII. */
  length: number
  /** @throws where there is one that is none */
  read(text: string): string
  /** What a `data:` URL begins with. */
  dataUrl: RegExp
}

export const jsonEscapes: Escapes = {
  begin: 0x5c,
  length: '\\u0041'.length,
  read: (text) => JSON.parse(`"${text}"`),
  dataUrl: /^data:[^,]{0,200};base64,/i,
}
export const urlEscapes: Escapes = {
  begin: 0x25,
  length: '%41'.length,
  read: (text) => decodeURIComponent(text.replaceAll('+', ' ')),
  dataUrl: /^data(?::|%3a)[^,]{0,400}?(?:;|%3b)base64(?:,|%2c)/i,
}

/** What follows the beginning of a `data:` URL, all of it where there is none. */
export function afterDataUrl(text: Buffer, { dataUrl }: Escapes): Buffer {
  return text.subarray(dataUrl.exec(text.toString('latin1', 0, 500))?.[0].length ?? 0)
}

/** Read at a time: strings of 128 kB and more are not collected with the young ones. */
const pieceBytes = 48 * 1024
/** After so many bytes others get their turn. */
const turnBytes = 96 * pieceBytes

/**
 * Reads base64 where it stands: its bytes overwrite it, so that a picture takes no memory beside the body that it came
 * in. White space is passed over, and padding may be left out.
 *
 * @returns the beginning of `text`; null if it is no base64
 */
export async function base64InPlace(text: Buffer, escapes: Escapes): Promise<Buffer | null> {
  let written = 0
  let digits = ''
  for (let from = 0; from < text.length; ) {
    if (from % turnBytes === 0) await betweenSteps(text.length)
    const to = endOfPiece(text, from + pieceBytes, escapes)
    const more = unescaped(text.toString('latin1', from, to), escapes)
    if (more === null) return null
    digits += more.replace(/\s+/g, '')
    from = to
    // The last ones may be padding.
    const whole = from < text.length ? Math.max(0, digits.length - 4) & ~3 : digits.length
    const bytes = decoded(digits.slice(0, whole).replace(/={1,2}$/, ''))
    if (bytes === null) return null
    written += bytes.copy(text, written)
    digits = digits.slice(whole)
  }
  return written === 0 ? null : text.subarray(0, written)
}

/** Not within an escape. */
function endOfPiece(text: Buffer, end: number, { begin, length }: Escapes): number {
  if (end >= text.length) return text.length
  const at = text.subarray(end - length + 1, end).indexOf(begin)
  return at === -1 ? end : end - length + 1 + at
}

function unescaped(text: string, { read }: Escapes): string | null {
  try {
    return read(text)
  } catch {
    return null
  }
}

/**
 * Nothing but digits of base64: Node's decoder passes over all else and takes a letter beyond Latin-1 for another one.
 * A pattern takes three times as long as the decoder itself.
 */
function decoded(digits: string): Buffer | null {
  if (Buffer.byteLength(digits) !== digits.length || digits.length % 4 === 1) return null
  const bytes = Buffer.from(digits, 'base64')
  return bytes.length === Math.floor((digits.length * 3) / 4) ? bytes : null
}
