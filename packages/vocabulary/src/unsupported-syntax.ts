interface Unsupported {
  what: string
  /** What its author may do. */
  remedy: string
}

/**
 * What AUTOMATIC1111's prompt language has and this pipeline does not, or null. Such a prompt is refused, since
 * taken literally it would give another picture than its author means.
 */
export function unsupportedSyntax(prompt: string): Unsupported | null {
  if (/\bAND\b/.test(prompt))
    return {
      what: 'AND (composition of prompts)',
      remedy: 'write "and" in small letters for the word, or send one prompt',
    }
  if (/<hypernet:[^>]*>/i.test(prompt)) return { what: 'a hypernetwork (<hypernet:…>)', remedy: 'leave it out' }
  // What the prompt names has been taken out before.
  if (/<(lora|lyco):[^>]*>/i.test(prompt))
    return { what: '<lora:…> here', remedy: 'name it in the prompt as <lora:name:weight>, or in the field loras' }
  const what = unsupportedBrackets(prompt)
  return what === null ? null : { what, remedy: 'leave it out, or put a backslash before a bracket meant as text' }
}

/** Looks into each pair of unescaped square brackets, leaving out what stands in brackets inside it. */
function unsupportedBrackets(prompt: string): string | null {
  const open: { square: boolean; own: string }[] = []
  for (const [piece] of prompt.matchAll(/\\.?|[()[\]]|[^\\()[\]]+/gs)) {
    if (piece === '[' || piece === '(') open.push({ square: piece === '[', own: '' })
    else if (piece === ')' && open.at(-1)?.square === false) open.pop()
    else if (piece === ']' && open.at(-1)?.square) {
      const own = open.pop()?.own ?? ''
      if (own.includes('|')) return 'alternation ([a|b])'
      if (/:\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i.test(own)) return 'prompt editing ([from:to:when])'
    } else {
      const top = open.at(-1)
      if (top) top.own += piece
    }
  }
  return null
}
