import { limits } from '@pentimento/contracts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/**
 * A prompt as native routes take it: without control characters, cut at a word where it is longer than they allow. A
 * text encoder reads no more of it than that.
 */
export function fitPrompt(text: string): string {
  const clean = text.replace(controls, '').toWellFormed()
  if (fits(clean)) return clean
  let cut = clean.slice(0, limits.promptCharacters)
  while (!fits(cut)) cut = cut.slice(0, -100)
  return withoutHalf(cut.replace(/\s+\S*$/, ''))
}

/**
 * A prompt of an API that has no syntax. Under `diffusers` it is read as it stands; AUTOMATIC1111's way of reading,
 * which is the default, would find emphasis, AND, BREAK and networks in it.
 */
export function fitPlainPrompt(text: string, semantics: unknown): string {
  if (semantics === 'diffusers') return fitPrompt(text)
  return fitPrompt(
    text
      .replace(/[\\()[\]]/g, '\\$&')
      .replace(/\b(AND|BREAK)\b/g, (word) => word.toLowerCase())
      .replace(/<(?=[a-z]+:)/gi, '< '),
  )
}

function fits(text: string): boolean {
  return text.length <= limits.promptCharacters && Buffer.byteLength(text) <= limits.promptBytes
}

/** Without the half of a surrogate pair, or of an escape, that a cut left at the end. */
function withoutHalf(text: string): string {
  const whole = text.replace(/[\ud800-\udbff]$/, '')
  return /(^|[^\\])(\\\\)*\\$/.test(whole) ? whole.slice(0, -1) : whole
}
