import { endOfString, quote } from './json-values.ts'
import type { Upload } from './upload-budget.ts'

/** Longer than a text that any field takes: only pictures are. */
const longBytes = 64 * 1024

/** Ends what stands in the place of a long text; after it comes the text's number. */
const mark = '\u{f0000}'
const markedNumber = new RegExp(`${mark}(\\d+)$`, 'u')

const [backslash, colon, lastAscii] = [0x5c, 0x3a, 0x7f]

/** The longest escape: of a character beyond the first 65,536. */
const escapeBytes = '\\ud83c\\udf53'.length

const kept = new WeakMap<Upload, Buffer[]>()

/**
 * Takes the long texts out of a JSON text in UTF-8, in whose place their beginnings stand: a picture of 20 MB never
 * becomes a string, of which parsing makes several, each of 27 MB until it is collected.
 *
 * @param upload that holds the body; by it {@link longText} finds them
 */
export function setAside(body: Buffer, upload: Upload): Buffer {
  const long: Buffer[] = []
  const pieces: Buffer[] = []
  let from = 0
  for (let start = body.indexOf(quote); start !== -1; ) {
    const end = endOfString(body, start)
    if (end - start > longBytes && !isName(body, end)) {
      pieces.push(body.subarray(from, start + 1), beginning(body, start + 1), Buffer.from(`${mark}${long.length}`))
      long.push(body.subarray(start + 1, end))
      from = end
    }
    start = body.indexOf(quote, end + 1)
  }
  if (long.length === 0) return body
  kept.set(upload, long)
  return Buffer.concat([...pieces, body.subarray(from)])
}

/** The bytes of a text that was set aside, escapes of JSON and all; null for every other text. */
export function longText(text: string, upload: Upload): Buffer | null {
  const [, number] = text.length < longBytes / 2 ? [] : (markedNumber.exec(text.slice(-20)) ?? [])
  return (number !== undefined && kept.get(upload)?.[Number(number)]) || null
}

function isName(body: Buffer, end: number): boolean {
  let at = end + 1
  while ((body[at] ?? colon) <= 0x20) at++
  return body[at] === colon
}

/** So much of a long string that nothing else than a picture takes it; not cut within a character or an escape. */
function beginning(body: Buffer, start: number): Buffer {
  const isCut = (end: number) =>
    (body[end - 1] ?? 0) > lastAscii || body.subarray(end - escapeBytes, end).includes(backslash)
  let end = start + longBytes - 1
  while (isCut(end) && end > start + longBytes / 2) end--
  // What is so full of escapes is no picture: it only has to be long.
  return isCut(end) ? Buffer.alloc(longBytes, '?') : body.subarray(start, end)
}
