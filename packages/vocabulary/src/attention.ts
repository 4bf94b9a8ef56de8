/** A piece of a prompt and how strongly it counts; a null text is a BREAK. */
interface Segment {
  text: string | null
  weight: number
}

/** How often a word of a prompt may count. Honest weights end at 2; far above this the numbers of a model overflow. */
export const heaviest = 10

const step = 1.1

/**
 * AUTOMATIC1111's emphasis: `(x)` counts 1.1 times, `[x]` 1/1.1 times, `(x:1.3)` as the number says; nested weights
 * multiply; `\(` `\)` `\[` `\]` `\\` are plain characters; brackets left open close at the end. `BREAK` ends a chunk;
 * inside weighted brackets it is a word like any other, as there (modules/prompt_parser.py).
 */
export function parseAttention(prompt: string): Segment[] {
  const segments: Segment[] = []
  const open: { bracket: '(' | '['; from: number }[] = []
  const closing = (bracket: '(' | '['): number => open.findLastIndex((entry) => entry.bracket === bracket)
  const multiply = (from: number, factor: number): void => {
    for (const segment of segments.slice(from)) segment.weight *= factor
  }
  const close = (index: number, factor: number): void => {
    for (const { from } of open.splice(index, 1)) multiply(from, factor)
  }
  // An escape, an explicit weight with its bracket, a bracket, a colon, or a run of anything else.
  const pieces = prompt.matchAll(/\\[()[\]\\]?|:\s*([+-]?[.\d]+)\s*\)|[()[\]]|:|[^\\()[\]:]+/g)
  for (const [piece, number = ''] of pieces) {
    const round = closing('(')
    const square = closing('[')
    if (piece[0] === '\\') segments.push({ text: piece.slice(1), weight: 1 })
    else if (piece === '(' || piece === '[') open.push({ bracket: piece, from: segments.length })
    else if (round >= 0 && !Number.isNaN(Number.parseFloat(number))) close(round, Number.parseFloat(number))
    else if (piece === ')' && round >= 0) close(round, step)
    else if (piece === ']' && square >= 0) close(square, 1 / step)
    else segments.push(...splitAtBreaks(piece))
  }
  for (const { bracket, from } of open) multiply(from, bracket === '(' ? step : 1 / step)
  return merge(segments)
}

function splitAtBreaks(text: string): Segment[] {
  return text.split(/\s*\bBREAK\b\s*/).flatMap((part, i): Segment[] =>
    i === 0
      ? [{ text: part, weight: 1 }]
      : [
          { text: null, weight: -1 },
          { text: part, weight: 1 },
        ],
  )
}

/** Joins neighbours of one weight. A BREAK whose mark of −1 was multiplied has become an ordinary word. */
function merge(segments: Segment[]): Segment[] {
  const merged: Segment[] = []
  for (const segment of segments) {
    const text = segment.text === null && segment.weight !== -1 ? 'BREAK' : segment.text
    const last = merged.at(-1)
    if (last && text !== null && last.text !== null && last.weight === segment.weight) last.text += text
    else merged.push({ text, weight: segment.weight })
  }
  return merged.length === 0 ? [{ text: '', weight: 1 }] : merged
}
