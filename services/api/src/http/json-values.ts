const most = { values: 20_000, depth: 64 }

export const quote = 0x22
const backslash = 0x5c
const [comma, open, shut] = [0x2c, [0x5b, 0x7b], [0x5d, 0x7d]]

/**
 * Whether a JSON text has more values than any request needs, or deeper ones: an empty list takes sixteen times its two
 * characters, and whoever walks through what is deep takes stack. Told before it is parsed; strings, however long, are
 * passed over.
 */
export function tooManyValues(text: Buffer): boolean {
  let values = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0
    if (byte === quote) at = endOfString(text, at)
    else if (shut.includes(byte)) depth--
    else if (byte === comma || open.includes(byte)) {
      values++
      if (byte !== comma) depth++
      if (values > most.values || depth > most.depth) return true
    }
  }
  return false
}

/** Where the string that begins at `from` has its other quote; the end of the text where it has none. */
export function endOfString(text: Buffer, from: number): number {
  for (let at = text.indexOf(quote, from + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    let escapes = 0
    while (text[at - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}
